import { setImmediate } from 'node:timers/promises';
import {
  defaultTraining,
  precisions,
  type AskedTraining,
  type ModelConfiguration,
  type Precision,
  type TrainingBudget,
  type TrainingConfiguration,
} from '../../core/configuration';
import { silentLogger } from '../../core/logger';
import { createRandom } from '../../core/random';
import { gradientOperations } from '../plan/trainingCost';
import { zeroState } from '../gradient/gradient';
import { chooseGradient } from '../choice/gradientChoice';
import { createWeights } from '../state/initialWeights';
import type { ReplicaOptions } from '../threads/replicaStepper';
import { createSession, sessionBatches } from '../loop/trainingSession';
import { chooseStepper } from '../choice/stepperChoice';
import type { LoadedTensorFlow } from '../tensorflow/tensorflow';

/** Short windows: what a step costs is then soon known, and the speed is about that of longer ones. */
const probedSteps = 16;
/** Of the budget, at most this much goes into measuring, but for the first steps. */
const probedShare = 0.005;
/** However large the budget is. */
const mostMeasuringMs = 2_000;

/** How long to measure at most, for a budget. */
export function measuringMs({ minutes = 0 }: TrainingBudget): number {
  return Math.min(mostMeasuringMs / 2, minutes * 60_000 * probedShare);
}

/** What a speed is measured of: a step of the default network with this cell and input. */
export type Probed = Pick<AskedTraining, 'model' | 'seed'>;

/**
 * Floating-point operations per second of a training's gradient here, all threads together: the quickest of a few steps,
 * which whatever else the machine does slowed down least.
 */
export async function measureSpeed(
  tensorflow: LoadedTensorFlow,
  probed: Probed & Pick<TrainingConfiguration, 'batch' | 'precision' | 'threads' | 'budget'>,
  vocabularySize: number,
  replicas: ReplicaOptions | null,
  signal: AbortSignal,
): Promise<number> {
  const { batch, precision, seed, threads, budget } = probed;
  const model = modelOf(probed);
  const configuration: TrainingConfiguration = {
    ...{ ...defaultTraining, batch, sequence: probedSteps, model, precision, seed, threads },
    ...{ optimizer: 'sgd', dropout: 0 },
  };
  const random = createRandom(seed);
  const tokens = Int32Array.from({ length: 4 * batch * probedSteps + 1 }, () => random.integer(vocabularySize));
  const gradient = chooseGradient(tensorflow, configuration, vocabularySize, silentLogger);
  const initial = createWeights(model, vocabularySize, 'default', seed);
  const start = { configuration, initial, batch, carried: undefined };
  const stepper = await chooseStepper(tensorflow.tf, gradient, start, replicas, silentLogger);
  try {
    const session = createSession(stepper, configuration, sessionBatches(configuration, [tokens], null), initial, null);
    const quickestMs = await quickest(() => session.advance(0), measuringMs(budget), signal);
    return (batch * probedSteps * gradientOperations(model, vocabularySize)) / (quickestMs / 1000);
  } finally {
    await stepper.dispose();
  }
}

function modelOf({ model: { cell, embedding } }: Probed): ModelConfiguration {
  return { ...defaultTraining.model, cell, embedding };
}

/** Less than this is not worth the digits. */
const worthwhileShare = 0.97;
const comparisons = 6;

/**
 * The precision in which a gradient takes less time here, on one thread.
 * @param streams of a thread: with few of them rounding takes more than it saves
 */
export async function fasterPrecision(
  tensorflow: LoadedTensorFlow,
  probed: Probed,
  vocabularySize: number,
  streams: number,
  signal: AbortSignal,
): Promise<Precision> {
  const model = modelOf(probed);
  const { values, layout } = createWeights(model, vocabularySize, 'default', probed.seed);
  const random = createRandom(probed.seed);
  const ids = Int32Array.from({ length: probedSteps * streams }, () => random.integer(vocabularySize));
  const window = { steps: probedSteps, batch: streams, ids, targets: ids };
  const [state, out] = [zeroState(model, streams), new Float32Array(layout.length)];
  const candidates = precisions.map((precision) => ({
    ...{ precision, least: Infinity },
    gradient: chooseGradient(tensorflow, { model, dropout: 0, precision }, vocabularySize, silentLogger),
  }));
  if (candidates.some(({ gradient }) => gradient.name !== 'fused')) return 'float32';
  const endMs = performance.now() + mostMeasuringMs / 2;
  for (let round = 0; round <= comparisons; round++) {
    if (round > 1 && (signal.aborted || performance.now() > endMs)) break;
    await setImmediate(); // messages of the parent get in
    for (const candidate of candidates) {
      const before = performance.now();
      candidate.gradient.compute(values, window, state, null, out);
      // The first round makes the kernels.
      if (round > 0) candidate.least = Math.min(candidate.least, performance.now() - before);
    }
  }
  const [float32, bfloat16] = candidates;
  return fasterOf(float32!.least, bfloat16!.least);
}

/** The precision to take, from the milliseconds of a step in each. */
export function fasterOf(float32Ms: number, bfloat16Ms: number): Precision {
  return bfloat16Ms < worthwhileShare * float32Ms ? 'bfloat16' : 'float32';
}

/** Milliseconds of the quickest of some steps, one at least; the first one makes the kernels and is not counted. */
export async function quickest(
  step: () => Promise<unknown>,
  forMs: number,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<number> {
  await step();
  const began = now();
  let least = Infinity;
  do {
    await setImmediate(); // messages of the parent get in
    const before = now();
    await step();
    least = Math.min(least, now() - before);
  } while (now() - began < forMs && !signal.aborted);
  return least;
}
