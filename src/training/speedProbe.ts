import { defaultTraining, type AskedTraining, type Precision, type TrainingConfiguration } from '../core/configuration';
import { silentLogger } from '../core/logger';
import { createRandom } from '../core/random';
import { gradientOperations } from '../core/trainingCost';
import { bindingOf, type Binding } from './fused/binding';
import { openScope } from './fused/operations';
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
  { model: { cell, embedding }, precision, seed, threads, budget }: AskedTraining & { readonly precision: Precision },
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
      precision,
      seed,
      threads,
      optimizer: 'sgd',
      dropout: 0,
    },
  };
  const random = createRandom(seed);
  const tokens = Int32Array.from({ length: 4 * probedBatch * probedSteps + 1 }, () => random.integer(vocabularySize));
  const gradient = chooseGradient(tensorflow, configuration, vocabularySize, silentLogger);
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

/** Rounding costs a little: of the time of a float32 product, at most this much. */
const worthwhileShare = 0.8;

/** The precision in which the products of a gradient are made in less time here, rounding included. */
export function fasterPrecision({ tf, backend }: LoadedTensorFlow): Precision {
  if (backend !== 'tensorflow') return 'float32';
  try {
    const [float32, bfloat16] = [timeProduct(bindingOf(tf), 'float32'), timeProduct(bindingOf(tf), 'bfloat16')];
    return bfloat16 < worthwhileShare * float32 ? 'bfloat16' : 'float32';
  } catch {
    return 'float32'; // the library has no product of bfloat16
  }
}

/** Milliseconds of the quickest of some products of a window's hidden states with its gradients, as large as a network's. */
function timeProduct(binding: Binding, precision: Precision): number {
  const [rows, hidden, gates] = [1024, 256, 1024];
  const operations = openScope(binding, precision);
  try {
    const states = operations.floats([rows, hidden], new Float32Array(rows * hidden).fill(0.5));
    const gradients = operations.floats([rows, gates], new Float32Array(rows * gates).fill(0.5));
    const times = Array.from({ length: 6 }, () => {
      const before = performance.now();
      operations.multiply(operations.factor(states), operations.factor(gradients), true);
      return performance.now() - before;
    });
    return Math.min(...times.slice(1)); // the first one makes the kernel
  } finally {
    operations.close();
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
