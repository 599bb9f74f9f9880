import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createCheckpoints, type Checkpoints } from '../../../src/training/state/checkpoint';
import { normalState } from '../../../src/training/gradient/gradient';
import { createRandom } from '../../../src/core/random';
import { createWeights } from '../../../src/training/state/initialWeights';
import type { Common, TrainingSnapshot } from '../../../src/training/state/snapshot';

const model: ModelConfiguration = { cell: 'lstm', hidden: 6, layers: 2, embedding: 3 };
let run: string;
let checkpoints: Checkpoints;

beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'recur-run-'));
  checkpoints = createCheckpoints(run, silentLogger);
});

afterEach(async () => {
  await rm(run, { recursive: true });
});

const commonAt = (step: number): Common => ({
  ...{ round: 2, step: step - 5 },
  weights: createWeights(model, 7, 'default', step + 5).values,
  momentum: createWeights(model, 7, 'default', step + 6).values,
});

function snapshotAt(step: number): TrainingSnapshot {
  const weights = (seed: number) => createWeights(model, 7, 'default', seed);
  return {
    ...{ step, seconds: step * 1.5, characters: step * 64, epoch: 1, window: 3, stream: 2 },
    random: { training: createRandom(step).state() },
    leg: { budget: { steps: 100 }, startStep: 0, startEpochs: 0, continued: false },
    codePoints: [10, 97, 98, 0x1f600],
    weights: weights(step),
    average: weights(step + 4).values,
    moments: [weights(step + 1).values, weights(step + 2).values],
    // Alone, or one of several machines.
    common: step === 10 ? null : commonAt(step),
    state: normalState(model, 4, createRandom(1)),
    best: { weights: weights(step + 3), nats: 2.5, step: step - 1 },
  };
}

describe('checkpoints', () => {
  it('are none where none was written', async () => {
    expect(await checkpoints.read(model)).toBeNull();
  });

  it('come back as they were written, the newest one', async () => {
    for (const step of [10, 20, 30]) {
      await checkpoints.write(snapshotAt(step));
      expect(await checkpoints.read(model)).toEqual(snapshotAt(step));
    }
  });

  it('of version 0.1.0 begin with a whole window', async () => {
    await checkpoints.write(snapshotAt(10));
    const manifest = join(run, 'checkpoint-a', 'manifest.json');
    const { stream, ...older } = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
    expect(stream).toBe(2);
    await writeFile(manifest, JSON.stringify(older));
    expect(await checkpoints.read(model)).toEqual({ ...snapshotAt(10), stream: 0 });
  });

  const damages: Record<string, (folder: string) => Promise<void>> = {
    'a missing manifest': (folder) => rm(join(folder, 'manifest.json')),
    'a torn manifest': (folder) => truncate(join(folder, 'manifest.json'), 100),
    'a torn array': (folder) => truncate(join(folder, 'weights'), 40),
    'a missing array': (folder) => rm(join(folder, 'moment-1')),
    'a flipped bit': async (folder) => {
      const bytes = await readFile(join(folder, 'state'));
      bytes[5]! ^= 1;
      await writeFile(join(folder, 'state'), bytes);
    },
  };

  it.each(Object.keys(damages))('fall back to the one before after %s', async (damage) => {
    await checkpoints.write(snapshotAt(10));
    await checkpoints.write(snapshotAt(20));
    await damages[damage]!(join(run, 'checkpoint-b'));
    expect((await checkpoints.read(model))!.step).toBe(10);
    // The only valid one is not written over.
    await checkpoints.write(snapshotAt(30));
    expect((await checkpoints.read(model))!.step).toBe(30);
    await rm(join(run, 'checkpoint-b'), { recursive: true });
    expect((await checkpoints.read(model))!.step).toBe(10);
  });

  it('of values that are not finite are left aside', async () => {
    await checkpoints.write(snapshotAt(10));
    const diverged = snapshotAt(20);
    diverged.weights.values[3] = NaN;
    await checkpoints.write(diverged);
    expect((await checkpoints.read(model))!.step).toBe(10);
  });

  it('of another model are left aside', async () => {
    await checkpoints.write(snapshotAt(10));
    expect(await checkpoints.read({ ...model, hidden: 8 })).toBeNull();
  });
});
