import { defaultTraining, type AskedTraining, type TrainingConfiguration } from '../core/configuration';
import { silentLogger } from '../core/logger';
import { createRandom } from '../core/random';
import { gradientOperations } from '../core/trainingCost';
import { chooseGradient } from './gradientChoice';
import { createWeights } from './initialWeights';
import type { ReplicaOptions } from './replicas/replicaStepper';
import { createSession, sessionBatches } from './session';
import { chooseStepper } from './stepperChoice';
import type { LoadedTensorFlow } from './tensorflow';

/** Short windows: what a step costs is then soon known, and the speed is about that of longer ones. */
export const probedBatch = 64;
const probedSteps = 16;
/** Of the budget, at most this much goes into measuring, but for the first steps. */
const probedShare = 0.005;

/**
 * Floating-point operations per second of a training's gradient here, all threads together: the quickest of a few steps
 * of the default network, which whatever else the machine does slowed down least.
 */
export async function measureSpeed(
  tensorflow: LoadedTensorFlow,
  { model: { cell, embedding }, seed, threads, budget }: AskedTraining,
  vocabularySize: number,
  replicas: ReplicaOptions | null,
): Promise<number> {
  const model = { ...defaultTraining.model, cell, embedding };
  const configuration: TrainingConfiguration = {
    ...{
      ...defaultTraining,
      batch: probedBatch,
      sequence: probedSteps,
      model,
      seed,
      threads,
      optimizer: 'sgd',
      dropout: 0,
    },
  };
  const random = createRandom(seed);
  const tokens = Int32Array.from({ length: 4 * probedBatch * probedSteps + 1 }, () => random.integer(vocabularySize));
  const gradient = chooseGradient(tensorflow, model, vocabularySize, 0, silentLogger);
  const initial = createWeights(model, vocabularySize, 'default', seed);
  const start = { configuration, initial, batch: probedBatch, carried: undefined };
  const stepper = await chooseStepper(tensorflow.tf, gradient, start, replicas, silentLogger);
  try {
    const session = createSession(stepper, configuration, sessionBatches(configuration, [tokens], null), initial, null);
    const quickestMs = await quickest(() => session.advance(0), (budget.minutes ?? 0) * 60_000 * probedShare);
    return (probedBatch * probedSteps * gradientOperations(model, vocabularySize)) / (quickestMs / 1000);
  } finally {
    await stepper.dispose();
  }
}

/** Milliseconds of the quickest of some steps; the first one makes the kernels. */
async function quickest(step: () => Promise<unknown>, forMs: number): Promise<number> {
  await step();
  const began = performance.now();
  let least = Infinity;
  do {
    const before = performance.now();
    await step();
    least = Math.min(least, performance.now() - before);
  } while (performance.now() - began < forMs);
  return least;
}
