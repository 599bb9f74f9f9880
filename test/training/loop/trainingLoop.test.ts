import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cells, type TrainingConfiguration } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import type { Weights } from '../../../src/core/parameters';
import { createRandom, shuffle } from '../../../src/core/random';
import { createVocabulary } from '../../../src/text/vocabulary';
import { createCheckpoints } from '../../../src/training/state/checkpoint';
import { isFiniteSnapshot, type TrainingSnapshot } from '../../../src/training/state/snapshot';
import { loadTensorFlow, type LoadedTensorFlow } from '../../../src/training/tensorflow/tensorflow';
import { trainModel, type TrainedModel } from '../../../src/training/loop/trainingLoop';
import { recordingOptions, smallConfiguration, smallData, type Recorded } from '../smallTraining';

let tensorflow: LoadedTensorFlow;

beforeAll(async () => {
  tensorflow = await loadTensorFlow();
});

async function train(
  configuration: TrainingConfiguration,
  resumeFrom: TrainingSnapshot | null = null,
): Promise<{ model: TrainedModel; recorded: Recorded }> {
  const { options, recorded } = recordingOptions({ resumeFrom });
  const model = await trainModel(tensorflow, configuration, smallData(), options);
  return { model, recorded };
}

/** Trains until a step is reached, stops there, and gives the snapshot. */
async function stoppedAt(step: number, configuration: TrainingConfiguration): Promise<TrainingSnapshot> {
  const controller = new AbortController();
  const { options, recorded } = recordingOptions({ signal: controller.signal });
  const progress = (measurement: { step: number }): void => {
    if (measurement.step >= step) controller.abort();
  };
  const stopping = { ...options, hooks: { ...options.hooks, progress } };
  const { reason } = await trainModel(tensorflow, configuration, smallData(), stopping);
  expect(reason).toBe('stopped');
  return recorded.snapshots.at(-1)!;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

/** The weights lie on the way from what was trained to what that began with, and are better than both ends. */
function expectBetween(model: TrainedModel, began: Float32Array, recorded: Recorded): void {
  const trained = recorded.snapshots.at(-1)!.weights.values;
  const way = began.map((value, index) => value - trained[index]!);
  const gone = model.weights.values.map((value, index) => value - trained[index]!);
  const share = dot(gone, way) / dot(way, way);
  expect([0.1, 0.3, 0.5]).toContain(Number(share.toFixed(3)));
  const onTheWay = way.map((value) => share * value);
  expect(largestDifference(gone, onTheWay)).toBeLessThan(1e-5);
  expect(model.best.nats).toBeLessThan(Math.min(...recorded.validation.slice(0, -1).map(({ nats }) => nats)));
}

const variants: Partial<TrainingConfiguration>[] = [
  ...cells.flatMap((cell) => [
    { model: { cell, hidden: 16, layers: 1, embedding: 8 } },
    { model: { cell, hidden: 12, layers: 2, embedding: 0 }, dropout: 0.2 },
  ]),
  { optimizer: 'sgd', learningRate: 1, initialState: 'normal' },
  { batches: 'random', initialState: 'normal', dropout: 0.1 },
  { optimizer: 'muon', learningRate: 0.05, weightDecay: 0.1 },
  { optimizer: 'muon', learningRate: 0.05, model: { cell: 'gru', hidden: 12, layers: 2, embedding: 0 }, dropout: 0.2 },
];

describe.each(variants)('training %o', (changes) => {
  const configuration = smallConfiguration(changes);
  let whole: Awaited<ReturnType<typeof train>>;

  beforeAll(async () => {
    whole = await train(configuration);
  });

  it('lowers the loss below that of any guess', () => {
    const { model, recorded } = whole;
    expect(model.reason).toBe('budget');
    expect(model.steps).toBe(60);
    expect(model.validation.nats).toBeLessThan(0.85 * Math.log(smallData().vocabulary.size));
    expect(model.test!.nats).toBeLessThan(0.85 * Math.log(smallData().vocabulary.size));
    expect(recorded.progress.at(-1)!.nats).toBeLessThan(recorded.progress[0]!.nats);
  });

  it('gives the same numbers for the same seed', async () => {
    const again = await train(configuration);
    expect(again.model.weights.values).toEqual(whole.model.weights.values);
    expect(again.model.validation).toEqual(whole.model.validation);
    expect(again.recorded.progress.map(({ nats }) => nats)).toEqual(whole.recorded.progress.map(({ nats }) => nats));
    const other = await train({ ...configuration, seed: 2, budget: { steps: 5 } });
    expect(other.recorded.progress[0]!.nats).not.toBe(whole.recorded.progress[0]!.nats);
  });

  it('ends, when stopped and resumed from its checkpoint on disk, where it ends uninterrupted', async () => {
    const run = await mkdtemp(join(tmpdir(), 'recur-checkpoint-'));
    try {
      const checkpoints = createCheckpoints(run, silentLogger);
      await checkpoints.write(await stoppedAt(33, configuration));
      const snapshot = await checkpoints.read(configuration.model);
      expect(snapshot!.step).toBeLessThan(45);
      const resumed = await train(configuration, snapshot);
      expect(resumed.model.steps).toBe(60);
      expect(largestDifference(resumed.model.weights.values, whole.model.weights.values)).toBeLessThan(1e-4);
      expect(Math.abs(resumed.model.validation.nats - whole.model.validation.nats)).toBeLessThan(1e-4);
    } finally {
      await rm(run, { recursive: true });
    }
  });
});

describe('a training run', () => {
  it('tells the curve from the untrained model on, and the best model before the end', async () => {
    const { model, recorded } = await train(smallConfiguration());
    expect(recorded.validation.map(({ step }) => step)).toEqual([0, 25, 50, 60, 60]);
    expect(recorded.best.map(({ step }) => step)).toEqual([25]);
    expect(recorded.best[0]!.quality.nats).toBe(recorded.validation[1]!.nats);
    expect(recorded.validation.at(-1)).toMatchObject(model.validation);
    expect(recorded.progress.at(-1)!.step).toBe(60);
    expect(recorded.progress.every(({ charactersPerSecond }) => charactersPerSecond > 0)).toBe(true);
  });

  it('reads fewer streams at a time in the first half, and goes on in the middle of a window', async () => {
    const configuration = smallConfiguration({ batch: 4, firstBatch: 2, initialState: 'normal' });
    const whole = await train(configuration);
    const perStep = whole.recorded.snapshots.at(-1)!.characters / 16 / 60;
    expect(perStep).toBe((2 + 4) / 2);
    const snapshot = await stoppedAt(21, configuration);
    expect(snapshot).toMatchObject({ step: 21, window: 10, stream: 2 });
    const resumed = await train(configuration, snapshot);
    expect(largestDifference(resumed.model.weights.values, whole.model.weights.values)).toBeLessThan(1e-4);
  });

  it('has its full batch from the start where trained weights are gone on with', async () => {
    const configuration = smallConfiguration({ batch: 4, firstBatch: 2 });
    const first = await train(configuration);
    const second = await train(configuration, first.recorded.snapshots.at(-1));
    const characters = second.recorded.snapshots.at(-1)!.characters - first.recorded.snapshots.at(-1)!.characters;
    expect(characters).toBe(60 * 4 * 16);
  });

  it('counts a budget in epochs by windows', async () => {
    const { recorded } = await train(smallConfiguration({ budget: { epochs: 2 } }));
    expect(recorded.snapshots.at(-1)).toMatchObject({ epoch: 2, window: 0 });
  });

  it('keeps to a budget in minutes, the last measurement included', async () => {
    const { options, recorded } = recordingOptions();
    const minutes = 0.05;
    const model = await trainModel(tensorflow, smallConfiguration({ budget: { minutes } }), smallData(), options);
    const seconds = (performance.now() - options.startedAtMs) / 1000;
    expect(model.reason).toBe('budget');
    expect(seconds).toBeGreaterThan(0.5 * minutes * 60);
    expect(recorded.validation.length).toBeGreaterThanOrEqual(3);
  });

  it('waits as long as a pause is asked for, says so, and does not count the time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const told: (string | null)[] = [];
    let looks = 0;
    // A tenth of a second from step to step, and a pause in the middle of the budget that is too short for a sleep of the machine.
    const pauseReason = (): string | null => {
      looks++;
      vi.advanceTimersByTime(looks === 7 ? 9_000 : 100);
      return looks === 6 || looks === 7 ? 'Paused.' : null;
    };
    const { options, recorded } = recordingOptions(
      { interventions: { pauseReason, takeReplicas: () => null } },
      { paused: (reason) => void told.push(reason) },
    );
    const configuration = smallConfiguration({ budget: { minutes: 0.05 } });
    const model = await trainModel(tensorflow, configuration, smallData(), options);
    expect(told).toEqual(['Paused.', null]);
    expect(model.reason).toBe('budget');
    expect(recorded.progress.at(-1)!.step).toBeGreaterThan(10);
    expect(model.seconds).toBeGreaterThan(1);
    expect(model.seconds).toBeLessThanOrEqual(3.5);
  });

  it('can be stopped while it pauses', async () => {
    const controller = new AbortController();
    const { options } = recordingOptions(
      { signal: controller.signal, interventions: { pauseReason: () => 'Paused.', takeReplicas: () => null } },
      { paused: () => controller.abort() },
    );
    const model = await trainModel(tensorflow, smallConfiguration(), smallData(), options);
    expect(model).toMatchObject({ reason: 'stopped', steps: 0 });
  });

  it('does not look at the clock of the day', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const jumps = [-3.2e9, 1e11, -1e10];
    const { options, recorded } = recordingOptions();
    const hooks = {
      ...options.hooks,
      progress: (...[measurement, left]: Parameters<typeof options.hooks.progress>) => {
        vi.setSystemTime(Date.now() + jumps[recorded.progress.length % jumps.length]!);
        options.hooks.progress(measurement, left);
      },
    };
    const configuration = smallConfiguration({ budget: { minutes: 0.05 } });
    const model = await trainModel(tensorflow, configuration, smallData(), { ...options, hooks });
    expect(model.reason).toBe('budget');
    expect(recorded.progress.length).toBeGreaterThan(1);
    expect(model.seconds).toBeGreaterThan(0.5);
    expect(model.seconds).toBeLessThan(60);
  });

  it('keeps the best weights where the loss is not finite any more', async () => {
    const diverging = smallConfiguration({ optimizer: 'sgd', learningRate: 1e38, clip: 0, budget: { steps: 200 } });
    const { model } = await train(diverging);
    expect(model.reason).toBe('not finite');
    expect(model.weights.values.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(model.validation.nats)).toBe(true);
  });

  it('leaves a checkpoint to go on from where the loss is not finite any more', async () => {
    const run = await mkdtemp(join(tmpdir(), 'recur-diverged-'));
    onTestFinished(() => rm(run, { recursive: true }));
    const checkpoints = createCheckpoints(run, silentLogger);
    const { options, recorded } = recordingOptions();
    const hooks = {
      ...options.hooks,
      checkpoint: async (snapshot: TrainingSnapshot) => {
        await options.hooks.checkpoint(snapshot);
        await checkpoints.write(snapshot);
      },
    };
    const diverging = smallConfiguration({ optimizer: 'sgd', learningRate: 1e38, clip: 0, budget: { steps: 200 } });
    const { reason } = await trainModel(tensorflow, diverging, smallData(), { ...options, hooks });
    expect(reason).toBe('not finite');
    expect(recorded.snapshots.every(isFiniteSnapshot)).toBe(true);
    const snapshot = await checkpoints.read(diverging.model);
    expect(snapshot!.weights.values.every((value) => Math.abs(value) < 10)).toBe(true);
    const { model } = await train(smallConfiguration({ optimizer: 'sgd', learningRate: 1 }), snapshot);
    expect(model.reason).toBe('budget');
    expect(model.validation.nats).toBeLessThan(0.85 * Math.log(smallData().vocabulary.size));
  });

  it('keeps the best weights of all that were measured where the last ones are worse', async () => {
    const { options, recorded } = recordingOptions();
    // How often each character comes helps; their order, which is learnt by heart soon, is that of no other text.
    const [text] = smallData().training;
    const data = { ...smallData(), training: [Int32Array.from(shuffle([...text!], createRandom(1)))] };
    const configuration = smallConfiguration({ batch: 1, learningRate: 3e-2, budget: { steps: 400 } });
    const model = await trainModel(tensorflow, configuration, data, options);
    const samples = recorded.validation.slice(0, -1).map(({ nats }) => nats);
    expect(model.best.nats).toBe(Math.min(...samples));
    expect(samples.at(-1)).toBeGreaterThan(model.best.nats);
    const best = recorded.validation.find(({ nats }) => nats === model.best.nats)!;
    expect(model.best.step).toBe(best.step);
    expect(model.weights.values).not.toEqual(recorded.snapshots.at(-1)!.weights.values);
    expect(model.weights.values).toEqual(recorded.snapshots.at(-1)!.best.weights.values);
  });

  it('tells whether anything that was trained is better than what it began with', async () => {
    const { model, recorded } = await train(smallConfiguration());
    expect(model.best.step).toBeGreaterThan(0);
    expect(model.best.nats).toBeLessThan(recorded.validation[0]!.nats);
    const untaught = smallConfiguration({ optimizer: 'sgd', learningRate: 1e38, clip: 0, budget: { steps: 200 } });
    expect((await train(untaught)).model.best.step).toBe(0);
  });

  it('stops at once when told so before it begins', async () => {
    const { options } = recordingOptions({ signal: AbortSignal.abort() });
    const model = await trainModel(tensorflow, smallConfiguration(), smallData(), options);
    expect(model).toMatchObject({ reason: 'stopped', steps: 0 });
  });

  it('goes on beyond a finished budget with a new schedule', async () => {
    const first = await train(smallConfiguration());
    const second = await train(smallConfiguration(), first.recorded.snapshots.at(-1));
    expect(second.model.steps).toBe(120);
    expect(second.model.validation.nats).toBeLessThan(first.model.validation.nats);
    expect(second.recorded.snapshots.at(-1)!.leg).toMatchObject({ startStep: 60, continued: true });
  });

  it('starts from the weights of another model, with the loss that it had', async () => {
    const { model } = await train(smallConfiguration());
    const source = { weights: model.weights, vocabulary: smallData().vocabulary };
    const { options, recorded } = recordingOptions({ from: source });
    const next = await trainModel(tensorflow, smallConfiguration({ budget: { steps: 0 } }), smallData(), options);
    expect(next.steps).toBe(0);
    expect(recorded.validation[0]!.nats).toBeCloseTo(model.validation.nats, 6);
    expect(next.weights.values).toEqual(model.weights.values);
  });

  // One step that goes too far: at the lower rate not so far that it is worse than none.
  it.each([32, 64])(
    'ends nearer to what it began with where that is better, after a rate of %i',
    async (learningRate) => {
      const { model } = await train(smallConfiguration());
      const source = { weights: model.weights, vocabulary: smallData().vocabulary };
      const { options, recorded } = recordingOptions({ from: source });
      const step = { optimizer: 'sgd', learningRate, clip: 1e9, dropout: 0, budget: { steps: 1 } } as const;
      const next = await trainModel(tensorflow, smallConfiguration(step), smallData(), options);
      expectBetween(next, source.weights.values, recorded);
    },
  );

  it('that is gone on with ends nearer to the best weights before it where that is better', async () => {
    const { model, recorded } = await train(smallConfiguration());
    const random = createRandom(1);
    const noise = model.weights.values.map(() => 0.1 * random.normal());
    // Either side of a good model: what was best before, and where the training stands.
    const sides = [1, -1].map((sign) => model.weights.values.map((value, index) => value + sign * noise[index]!));
    const [before, trained] = sides.map((values) => ({ ...model.weights, values })) as [Weights, Weights];
    const finished = recorded.snapshots.at(-1)!;
    const best = { ...finished.best, weights: before };
    const snapshot = { ...finished, best, weights: trained, average: trained.values };
    const next = await train(smallConfiguration({ budget: { steps: 0 } }), snapshot);
    expectBetween(next.model, before.values, next.recorded);
  });

  it('is not given up where a rate that is high at first costs what it began with', async () => {
    const { model } = await train(smallConfiguration({ budget: { steps: 400 } }));
    const source = { weights: model.weights, vocabulary: smallData().vocabulary };
    const { options, recorded } = recordingOptions({ from: source });
    const restart = smallConfiguration({ learningRate: 0.8, budget: { steps: 240 } });
    const next = await trainModel(tensorflow, restart, smallData(), options);
    const [began, ...later] = recorded.validation.map(({ nats }) => nats);
    expect(Math.max(...later)).toBeGreaterThan(began! + 0.1);
    expect(next).toMatchObject({ reason: 'budget', steps: 240 });
  });

  it('gives characters that the other model did not know a place of their own', async () => {
    const { model } = await train(smallConfiguration());
    const { vocabulary } = smallData();
    const data = smallData('\n// §1 §2 §1 §2');
    expect(data.vocabulary.size).toBeGreaterThan(vocabulary.size);
    const { options, recorded } = recordingOptions({ from: { weights: model.weights, vocabulary } });
    const next = await trainModel(tensorflow, smallConfiguration(), data, options);
    expect(next.weights.vocabularySize).toBe(data.vocabulary.size);
    const random = recordingOptions();
    await trainModel(tensorflow, smallConfiguration(), data, random.options);
    expect(recorded.validation[0]!.nats).toBeLessThan(random.recorded.validation[0]!.nats - 0.5);
    expect(next.validation.nats).toBeLessThan(recorded.validation[0]!.nats);
  });

  it('goes on with a vocabulary that has grown', async () => {
    const first = await train(smallConfiguration());
    const data = smallData(' ~~ ¶¶ ');
    const { options, recorded } = recordingOptions({ resumeFrom: first.recorded.snapshots.at(-1)! });
    const model = await trainModel(tensorflow, smallConfiguration(), data, options);
    expect(data.vocabulary.size).toBe(smallData().vocabulary.size + 2);
    expect(model.weights.vocabularySize).toBe(data.vocabulary.size);
    expect(model.validation.nats).toBeLessThan(recorded.progress[0]!.nats);
  });

  it('refuses a corpus with nothing to validate on', async () => {
    const { options } = recordingOptions();
    const data = { ...smallData(), validation: [] };
    await expect(trainModel(tensorflow, smallConfiguration(), data, options)).rejects.toThrow('validate');
  });

  it('has no test figures without a test part', async () => {
    const { options } = recordingOptions();
    const model = await trainModel(tensorflow, smallConfiguration(), { ...smallData(), test: [] }, options);
    expect(model.test).toBeNull();
  });

  it('takes a snapshot of the vocabulary that it trains on', async () => {
    const { recorded } = await train(smallConfiguration({ budget: { steps: 1 } }));
    expect(createVocabulary(recorded.snapshots[0]!.codePoints)).toEqual(smallData().vocabulary);
  });
});
