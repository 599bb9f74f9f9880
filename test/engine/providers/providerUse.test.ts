import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultCorpus } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { failedTrial } from '../../../src/inference/providerTrial';
import type * as session from '../../../src/inference/session';
import type { EngineFunctions } from '../../../src/protocol/engine';
import type { ProviderReport, ProviderTrial } from '../../../src/protocol/providers';
import { publish, temporaryFolder } from '../modelFolder';

/** How the provider that stands for a GPU fails, and after how many runs. */
const gpu = vi.hoisted(() => ({ runs: 0, lostAfter: Infinity, gives: 'an error' }));

// WebGPU exists on every platform: here the processor computes in its place, until it is lost.
vi.mock('../../../src/inference/session', async (original) => {
  const real = await original<typeof session>();
  const createSession: typeof real.createSession = async (graph, model, vocabulary, options) => {
    if (options.provider !== 'webgpu') return real.createSession(graph, model, vocabulary, options);
    const made = await real.createSession(graph, model, vocabulary, { ...options, provider: 'cpu' });
    const run: typeof made.run = async (...inputs) => {
      const output = await made.run(...inputs);
      if (++gpu.runs <= gpu.lostAfter) return output;
      if (gpu.gives === 'an error') throw new Error('The device is lost.');
      return { ...output, logits: output.logits.fill(NaN) };
    };
    return { ...made, provider: 'webgpu', run, step: (ids, state) => run(ids, ids.length, state) };
  };
  return { ...real, createSession };
});

const timesOf = (stepMs: number, batchMs: number) => ({
  ...{ stepMs, completionMs: 64 * stepMs, prefixMs: batchMs, scoringMs: 10 * batchMs },
});
const trials: Record<string, ProviderTrial> = {
  cpu: { provider: 'cpu', works: true, detail: 'It is slow.', times: timesOf(0.1, 100) },
  webgpu: { provider: 'webgpu', works: true, detail: 'It is fast.', times: timesOf(1, 10) },
};
const twoFiles = {
  paths: ['probe.test.ts', 'providerTrials.test.ts'].map((name) => join(import.meta.dirname, name)),
  corpus: defaultCorpus,
};
const file = { paths: [import.meta.filename], corpus: defaultCorpus };

let directory: string;
let engine: EngineFunctions;
let reports: ProviderReport[];
let tried: string[];

beforeAll(async () => {
  directory = await temporaryFolder('providers');
  await publish(directory, 'lively-1');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(() => {
  Object.assign(gpu, { runs: 0, lostAfter: Infinity, gives: 'an error' });
  const own: ProviderReport[] = [];
  [reports, tried] = [own, []];
  engine = createEngine({ providers: (report) => void own.push(report) }, silentLogger, undefined, {
    folder: undefined,
    machine: () => Promise.resolve({ machine: '', driver: '', onnxruntime: '' }),
    probe: (_, provider) => {
      tried.push(provider);
      return Promise.resolve(trials[provider] ?? failedTrial(provider, 'It is not there.'));
    },
  });
});

// One that has time tries providers, and would use them beside the next test.
afterEach(() => engine.unload());

async function expectedTotal(): Promise<number> {
  const onProcessor = createEngine({}, silentLogger);
  await onProcessor.load({ directory, provider: 'cpu' });
  return (await onProcessor.evaluate(file)).nats;
}

describe('a model on the providers that are fastest', () => {
  it('begins on the processor, and tries nothing before there is time', async () => {
    const { provider, reason } = await engine.load({ directory, provider: 'auto' });
    expect(provider).toBe('cpu');
    expect(reason).toBe('The processor, until others are known to be faster.');
    expect(tried).toEqual([]);
  });

  it('has each kind of work done by the fastest, before long work', async () => {
    await engine.load({ directory, provider: 'auto' });
    const { nats } = await engine.evaluate(file);
    expect(nats).toBeCloseTo(await expectedTotal(), 5);
    expect(gpu.runs).toBeGreaterThan(0);
    expect(reports.map(({ providers }) => providers)).toEqual([
      { completing: 'cpu', reading: 'webgpu', scoring: 'webgpu' },
    ]);
    expect(reports[0]!.reason).toContain(
      'The fastest here: cpu for completing, webgpu for reading, webgpu for scoring.',
    );
    await engine.evaluate(file);
    expect(reports).toHaveLength(1);
  });

  it('says what runs it also when it is loaded again', async () => {
    const first = await engine.load({ directory, provider: 'auto' });
    await engine.tryProviders();
    expect(await engine.load({ directory, provider: 'auto' })).toEqual({
      ...first,
      ...{ provider: reports.at(-1)!.providers.completing, reason: reports.at(-1)!.reason },
    });
    expect(reports.at(-1)!.reason).not.toBe(first.reason);
  });

  const long = 'x = 1\n'.repeat(40_000);
  const review = (text: string) =>
    engine.reviewLines({
      ...{ folders: [], corpus: defaultCorpus },
      files: ['a.ts', 'b.ts'].map((path) => ({ path, text, lines: [3] })),
    });
  it.each([
    ['an evaluation', () => engine.evaluate(file)],
    ['an evaluation with the memory', () => engine.evaluateWithMemory(twoFiles, import.meta.dirname)],
    ['a long review', () => review(long)],
  ])('reads %s on the provider that is fastest at it', async (_, work) => {
    await engine.load({ directory, provider: 'auto' });
    await work();
    expect(tried).toContain('webgpu');
    expect(gpu.runs).toBeGreaterThan(0);
  });

  it('does not wait for a trial before it reviews few lines', async () => {
    await engine.load({ directory, provider: 'auto' });
    await review(long.slice(0, 600));
    expect(tried).toEqual([]);
  });

  it.each(['an error', 'no numbers'] as const)(
    'goes on with the processor where one is lost in the middle of work, by %s',
    async (gives) => {
      Object.assign(gpu, { lostAfter: 1, gives });
      await engine.load({ directory, provider: 'auto' });
      expect((await engine.evaluate(file)).nats).toBeCloseTo(await expectedTotal(), 5);
      expect(gpu.runs).toBe(2);
      expect(reports.at(-1)!.providers).toEqual({ completing: 'cpu', reading: 'cpu', scoring: 'cpu' });
      await engine.evaluate(file);
      expect(gpu.runs).toBe(2);
    },
  );

  it('is run on the one that was asked for, which is tried first', async () => {
    expect(await engine.load({ directory, provider: 'webgpu' })).toMatchObject({
      ...{ provider: 'webgpu', reason: 'Set by the user.' },
    });
    expect(tried).toEqual(['webgpu']);
    const before = gpu.runs;
    await engine.generate({ prefix: 'a', length: 3, temperature: 0, seed: 1, initialState: 'zeros' });
    expect(gpu.runs).toBeGreaterThan(before);
  });

  it('is not loaded where the one that was asked for does not work', async () => {
    await expect(engine.load({ directory, provider: 'cuda' })).rejects.toMatchObject({
      name: 'UserError',
      message: "The execution provider 'cuda' does not work here: It is not there.",
    });
  });

  it('tries nothing where the processor was asked for', async () => {
    await engine.load({ directory, provider: 'cpu' });
    await engine.evaluate(file);
    expect(tried).toEqual([]);
  });

  it('takes what a new trial has found', async () => {
    await engine.load({ directory, provider: 'auto' });
    const found = await engine.tryProviders();
    expect(found.filter(({ works }) => works)).toEqual([trials.cpu, trials.webgpu]);
    expect(reports.at(-1)!.providers.scoring).toBe('webgpu');
  });
});
