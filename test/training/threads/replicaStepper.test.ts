import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  cells,
  optimizers,
  precisions,
  type ModelConfiguration,
  type TrainingConfiguration,
} from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { layoutOf } from '../../../src/core/parameters';
import { createRandom } from '../../../src/core/random';
import { bindingOf } from '../../../src/training/gradient/fused/binding';
import { createFusedNewtonSchulz } from '../../../src/training/gradient/fused/fusedNewtonSchulz';
import { createFusedGradient } from '../../../src/training/gradient/fused/fusedGradient';
import { zeroState } from '../../../src/training/gradient/gradient';
import { createLocalMeasurer } from '../../../src/training/measuring/measuring';
import { allPieces } from '../../../src/training/measuring/pieces';
import { createWeights } from '../../../src/training/state/initialWeights';
import { createNewtonSchulz } from '../../../src/training/optimizers/newtonSchulz';
import { createUpdate } from '../../../src/training/optimizers/optimizer';
import { rangeOf } from '../../../src/training/optimizers/share';
import { cutStreams } from '../../../src/training/threads/replicaMessages';
import { createReplicaStepper, type ReplicaOptions } from '../../../src/training/threads/replicaStepper';
import { createSession, sessionBatches } from '../../../src/training/loop/trainingSession';
import { loadTensorFlow, type LoadedTensorFlow } from '../../../src/training/tensorflow/tensorflow';
import { trainModel, type TrainedModel } from '../../../src/training/loop/trainingLoop';
import { recordingOptions, smallConfiguration, smallData, type Recorded } from '../smallTraining';

const entry = join(import.meta.dirname, '../../../dist/replica.js');
const data = smallData();
let tensorflow: LoadedTensorFlow;

beforeAll(async () => {
  tensorflow = await loadTensorFlow('tensorflow');
});

/** Losses of some steps, and the weights after them with their average. */
async function train(
  configuration: TrainingConfiguration,
  replicas: ReplicaOptions,
  steps: number,
): Promise<{ losses: number[]; weights: Float32Array; average: Float32Array }> {
  const initial = createWeights(configuration.model, data.vocabulary.size, 'default', 1);
  const batches = sessionBatches(configuration, data.training, null);
  const stepper = await createReplicaStepper(replicas, configuration, initial, batches.batch, undefined);
  try {
    const session = createSession(stepper, configuration, batches, initial, null);
    const losses: number[] = [];
    while (losses.length < steps) {
      const streams = losses.length < steps / 2 ? configuration.firstBatch : undefined;
      losses.push((await session.advance(configuration.learningRate, streams)).nats);
    }
    return { losses, weights: stepper.weights.slice(), average: stepper.average.slice() };
  } finally {
    await stepper.dispose();
  }
}

describe('replicas', () => {
  it.each(optimizers)(
    'give the same losses over 50 steps, however many share the streams, with %s',
    async (optimizer) => {
      const configuration = smallConfiguration({ optimizer, batch: 8, learningRate: 1e-2 });
      const one = await train(configuration, { entry, count: 1 }, 50);
      const several = await train(configuration, { entry, count: optimizer === 'adam' ? 3 : 2 }, 50);
      several.losses.forEach((nats, step) => {
        expect(Math.abs(nats - one.losses[step]!), `step ${step}`).toBeLessThan(1e-4);
      });
      several.average.forEach((value, index) => expect(Math.abs(value - one.average[index]!)).toBeLessThan(1e-3));
      expect(several.losses.at(-1)!).toBeLessThan(several.losses[0]!);
    },
  );

  it.each(cells)('learn as much in bfloat16 with a %s', async (cell) => {
    const model: ModelConfiguration = { cell, hidden: 16, layers: 2, embedding: 8 };
    const configuration = smallConfiguration({ model, batch: 8, learningRate: 1e-2 });
    const exact = await train(configuration, { entry, count: 2 }, 50);
    const rounded = await train({ ...configuration, precision: 'bfloat16' }, { entry, count: 2 }, 50);
    expect(rounded.losses[0]).toBeCloseTo(exact.losses[0]!, 6);
    expect(rounded.losses).not.toEqual(exact.losses);
    expect(exact.losses[0]! - exact.losses.at(-1)!).toBeGreaterThan(0.3);
    expect(rounded.losses.at(-1)!).toBeCloseTo(exact.losses.at(-1)!, 1);
  });

  it.each([2, 3])('share the streams of a part of the batch, which may be fewer than they are: %d', async (count) => {
    const configuration = smallConfiguration({ batch: 4, firstBatch: 2, initialState: 'normal', learningRate: 1e-2 });
    const one = await train(configuration, { entry, count: 1 }, 40);
    const several = await train(configuration, { entry, count }, 40);
    several.losses.forEach((nats, step) => {
      expect(Math.abs(nats - one.losses[step]!), `step ${step}`).toBeLessThan(1e-4);
    });
  });

  it.each(precisions)('repeat a training to the bit, dropout included, in %s', async (precision) => {
    const model: ModelConfiguration = { cell: 'gru', hidden: 16, layers: 2, embedding: 0 };
    const configuration = smallConfiguration({ model, precision, dropout: 0.2, clip: 0.1 });
    const [first, second] = [
      await train(configuration, { entry, count: 2 }, 20),
      await train(configuration, { entry, count: 2 }, 20),
    ];
    expect(second.losses).toEqual(first.losses);
    expect(second.weights).toEqual(first.weights);
    expect(second.average).toEqual(first.average);
  });

  it('leave the state as it was where the loss is not finite', async () => {
    const configuration = smallConfiguration();
    const initial = createWeights(configuration.model, data.vocabulary.size, 'default', 1);
    initial.values.fill(NaN);
    const batches = sessionBatches(configuration, data.training, null);
    const stepper = await createReplicaStepper({ entry, count: 2 }, configuration, initial, batches.batch, undefined);
    onTestFinished(() => stepper.dispose());
    const { isFinite } = await createSession(stepper, configuration, batches, initial, null).advance(0.1);
    expect(isFinite).toBe(false);
    expect(stepper.state()).toEqual(zeroState(configuration.model, batches.batch));
  });

  it.each(cells)('measure together what one thread measures, between steps, with a %s', async (cell) => {
    const model: ModelConfiguration = { cell, hidden: 16, layers: 2, embedding: 8 };
    const configuration = smallConfiguration({ model, batch: 8 });
    const initial = createWeights(model, data.vocabulary.size, 'default', 1);
    const pieces = allPieces(data.validation);
    const gradient = createFusedGradient(bindingOf(tensorflow.tf), configuration, data.vocabulary.size);
    const batches = sessionBatches(configuration, data.training, null);
    const stepper = await createReplicaStepper({ entry, count: 3 }, configuration, initial, batches.batch, undefined);
    onTestFinished(() => stepper.dispose());
    const session = createSession(stepper, configuration, batches, initial, null);
    for (let round = 0; round < 2; round++) {
      const expected = await createLocalMeasurer(gradient, model).measureEach(session.weights.values, pieces);
      const measured = await stepper.measurer.measureEach(session.weights.values, pieces);
      expect(measured).toHaveLength(pieces.length);
      measured.forEach((nats, index) => expect(nats / expected[index]!).toBeCloseTo(1, 4));
      expect((await session.advance(0.1)).isFinite).toBe(true);
    }
  });

  it('leave measuring to the trainer where one of them is lost in it', async () => {
    const lines: string[] = [];
    const dying = { entry: join(import.meta.dirname, 'fixtures/dyingMeasurer.mjs'), count: 2 };
    const warn = (line: string): void => void lines.push(line);
    const { options } = recordingOptions({ replicas: dying, logger: { ...silentLogger, warn } });
    const model = await trainModel(tensorflow, smallConfiguration(), data, options);
    expect(model.reason).toBe('thread lost');
    expect(lines).toEqual([expect.stringMatching(/^Measuring goes on without the training threads: .*exit code 7/)]);
    expect(Number.isFinite(model.validation.nats)).toBe(true);
  });

  it('are never more than there are streams', async () => {
    const { losses } = await train(smallConfiguration({ batch: 2 }), { entry, count: 5 }, 3);
    expect(losses.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['dyingReplica.mjs', /A training thread has failed: it has ended \(exit code 7\)/],
    ['hangingReplica.mjs', /A training thread has failed: (another training thread does|it does) not answer/],
  ])('end a training with one sentence and its best weights where one is lost (%s)', async (file, sentence) => {
    const lines: string[] = [];
    const lossy = { entry: join(import.meta.dirname, 'fixtures', file), count: 2, timeoutMs: 1_500 };
    const logger = { ...silentLogger, error: (line: string) => void lines.push(line) };
    const { options, recorded } = recordingOptions({ replicas: lossy, logger });
    const model = await trainModel(tensorflow, smallConfiguration(), data, options);
    expect(model.reason).toBe('thread lost');
    expect(lines).toEqual([expect.stringMatching(sentence)]);
    expect(Number.isFinite(model.validation.nats)).toBe(true);
    expect(recorded.snapshots.map(({ step }) => step)).toEqual([0]);
  });

  it('leave training to one thread where they do not start, with one line', async () => {
    const lines: string[] = [];
    const replicas = { entry: join(import.meta.dirname, 'fixtures/missing.cjs'), count: 2 };
    const logger = { ...silentLogger, warn: (line: string) => void lines.push(line) };
    const { options } = recordingOptions({ replicas, logger });
    const model = await trainModel(tensorflow, smallConfiguration({ budget: { steps: 5 } }), data, options);
    expect(model.reason).toBe('budget');
    expect(lines).toEqual([expect.stringMatching(/^Training runs on one thread, because others do not start: /)]);
  });
});

describe('a training on replicas', () => {
  const configuration = smallConfiguration({
    ...{ budget: { steps: 60 }, batch: 4, firstBatch: 2, initialState: 'normal', dropout: 0.1 },
  });

  async function run(
    changes: Parameters<typeof recordingOptions>[0],
    count = 2,
  ): Promise<{ model: TrainedModel; recorded: Recorded }> {
    const { options, recorded } = recordingOptions({ replicas: { entry, count }, ...changes });
    return { model: await trainModel(tensorflow, configuration, data, options), recorded };
  }

  it.each([1, 2, 3])(
    'goes on after a stop in the middle of a window as if it had never stopped, on %d',
    async (count) => {
      const whole = await run({});
      const controller = new AbortController();
      const { options, recorded } = recordingOptions({ replicas: { entry, count: 2 }, signal: controller.signal });
      const progress: typeof options.hooks.progress = (measurement) => {
        if (measurement.step >= 21) controller.abort();
      };
      const hooks = { ...options.hooks, progress };
      await trainModel(tensorflow, configuration, data, { ...options, hooks });
      expect(recorded.snapshots.at(-1)).toMatchObject({ step: 21, stream: 2 });
      const rest = await run({ resumeFrom: recorded.snapshots.at(-1)! }, count);
      expect(rest.model.steps).toBe(60);
      const last = whole.recorded.progress.at(-1)!.nats;
      if (count === 2) expect(rest.recorded.progress.at(-1)!.nats).toBe(last);
      // Another number of replicas drops other units.
      else expect(Math.abs(rest.recorded.progress.at(-1)!.nats - last)).toBeLessThan(0.2);
    },
  );

  it('goes on with other threads where they are asked for, and loses nothing', async () => {
    const exact = smallConfiguration({ budget: { steps: 40 }, initialState: 'normal' });
    const train = async (counts: Readonly<Record<number, number>>) => {
      let looks = 0;
      const lines: string[] = [];
      const { options, recorded } = recordingOptions({
        replicas: { entry, count: 1 },
        logger: { ...silentLogger, info: (line: string) => void lines.push(line) },
        interventions: {
          pauseReason: () => null,
          takeReplicas: () => {
            const count = counts[++looks];
            return count === undefined ? null : Promise.resolve({ entry, count });
          },
        },
      });
      const model = await trainModel(tensorflow, exact, data, options);
      return { model, recorded, lines };
    };
    const [alone, changed] = [await train({}), await train({ 10: 2, 25: 3 })];
    expect(changed.lines.filter((line) => line.startsWith('Training goes on'))).toEqual([
      'Training goes on, on 2 replicas.',
      'Training goes on, on 3 replicas.',
    ]);
    expect(changed.recorded.snapshots.map(({ step }) => step)).toEqual([0, 10, 25, 40]);
    expect(changed.recorded.progress.map(({ step }) => step)).toEqual(alone.recorded.progress.map(({ step }) => step));
    changed.recorded.progress.forEach(({ nats, step }, index) => {
      expect(nats, `step ${step}`).toBeCloseTo(alone.recorded.progress[index]!.nats, 4);
    });
    expect(changed.model.steps).toBe(40);
  });
});

describe('shares', () => {
  it.each([1, 2, 3, 7])('of %d workers cover a range once, in order', (count) => {
    for (const size of [0, 1, 15, 16, 17, 100, 4096]) {
      let end = 32;
      for (let index = 0; index < count; index++) {
        const [start, next] = rangeOf({ index, count }, 32, size);
        expect(start).toBe(end);
        end = next;
      }
      expect(end).toBe(32 + size);
    }
  });

  it.each(optimizers)('update together what %s updates as a whole', (optimizer) => {
    const model: ModelConfiguration = { cell: 'lstm', hidden: 12, layers: 2, embedding: 5 };
    const layout = layoutOf(model, 7);
    const random = createRandom(1);
    const normals = (): Float32Array => Float32Array.from({ length: layout.length }, () => random.normal());
    const [initial, gradient] = [normals(), normals()];
    const orthogonalize = createNewtonSchulz(tensorflow.tf);
    const settings = { optimizer, learningRate: 0.01, weightDecay: 0.1 };
    const updated = (count: number): Float32Array => {
      const values = initial.slice();
      const moments = [new Float32Array(layout.length), new Float32Array(layout.length)];
      for (let index = 0; index < count; index++) {
        createUpdate(settings, { model, layout }, orthogonalize, moments, { index, count })(values, gradient, 0.01, 1);
      }
      return values;
    };
    const [whole, shared] = [updated(1), updated(3)];
    shared.forEach((value, index) => expect(value).toBeCloseTo(whole[index]!, 5));
  });
});

it('cuts the streams of a window', () => {
  const window = { steps: 2, batch: 3, ids: Int32Array.of(1, 2, 3, 4, 5, 6), targets: Int32Array.of(4, 5, 6, 7, 8, 9) };
  expect(cutStreams(window, [1, 3])).toEqual({
    ...{ steps: 2, batch: 2 },
    ids: Int32Array.of(2, 3, 5, 6),
    targets: Int32Array.of(5, 6, 8, 9),
  });
});

it('orthogonalizes with the native operations as with the public ones', () => {
  const random = createRandom(4);
  const binding = bindingOf(tensorflow.tf);
  const alive = binding.getNumOfTensors();
  for (const shape of [
    [1, 2, 2],
    [3, 5, 9],
    [2, 16, 16],
  ] as const) {
    const stack = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.normal());
    const expected = createNewtonSchulz(tensorflow.tf)(stack, shape);
    const actual = createFusedNewtonSchulz(binding)(stack, shape);
    actual.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 4));
  }
  expect(binding.getNumOfTensors()).toBe(alive);
});
