import { setImmediate } from 'node:timers/promises';
import type { Batches } from '../plan/batches';
import { exportIntervalMs, type TrainingConfiguration } from '../../core/configuration';
import type { EncodedDocument } from '../../text/encodedDocument';
import { isAborted, isUserError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import type { Quality } from '../../text/metrics';
import type { Weights } from '../../core/parameters';
import type { Tokens } from '../../text/tokens';
import type { Vocabulary } from '../../text/vocabulary';
import type { ProgressMeasurement, ValidationMeasurement } from '../../store/files';
import type { TrainingResult } from '../../protocol/trainer';
import type { Gradient } from '../gradient/gradient';
import { chooseGradient } from '../choice/gradientChoice';
import { startingWeights, type SourceModel } from '../state/initialWeights';
import { createLocalMeasurer } from '../measuring/measuring';
import { waitThroughPause, type Interventions } from './interventions';
import { learningRateShare } from '../plan/learningRate';
import { overfittingMargin } from '../plan/stopping';
import { createProgressMeter, type ProgressMeter } from './progressMeter';
import { measurerOf } from './measurerOf';
import { createRounds, type RoundOptions, type Rounds } from './rounds';
import type { ReplicaOptions } from '../threads/replicaStepper';
import { createSession, sessionBatches, type Session, type StepResult } from './trainingSession';
import { mixWeights } from '../state/mixWeights';
import { legFor, trainedBefore } from './leg';
import { growSnapshot, isFiniteSnapshot, type Best, type Leg, type TrainingSnapshot } from '../state/snapshot';
import type { Stepper } from '../threads/stepper';
import { chooseStepper } from '../choice/stepperChoice';
import type { LoadedTensorFlow } from '../tensorflow/tensorflow';
import { createTiming, nextValidationStep, type CheckpointInterval, type Timing } from './timing';
import { createTrainingClock, type TrainingClock } from './trainingClock';
import { createValidator, type Validator } from './validator';

/** An encoded corpus. */
export interface TrainingData {
  readonly vocabulary: Vocabulary;
  /** Headers and texts. */
  readonly training: readonly Tokens[];
  readonly validation: readonly EncodedDocument[];
  readonly test: readonly EncodedDocument[];
}

/** What the caller does with what happens; training waits for the ones that return a promise. */
export interface TrainingHooks {
  progress(measurement: ProgressMeasurement, secondsLeft: number | null): void;
  validation(measurement: ValidationMeasurement): void;
  /** The best weights so far, worth an export: the first ones, then not more often than every 15 s. */
  best(weights: Weights, quality: Quality, step: number): Promise<void>;
  /** To be written before it resolves: the arrays change afterwards. */
  checkpoint(snapshot: TrainingSnapshot): Promise<void>;
  /** Why it pauses, as a sentence; null: it goes on. */
  paused(reason: string | null): void;
}

export interface TrainingOptions {
  /** A snapshot of the same model, of this vocabulary or a smaller one. */
  readonly resumeFrom: TrainingSnapshot | null;
  /** What a run that is not resumed starts from, of the same shape; null: random weights. */
  readonly from: SourceModel | null;
  /** Ends training soon, with the best model. */
  readonly signal: AbortSignal;
  readonly hooks: TrainingHooks;
  readonly logger: Logger;
  /** Threads to train with, where TensorFlow's native library works; null: this one. */
  readonly replicas: ReplicaOptions | null;
  readonly interventions: Interventions;
  /** How often there is a checkpoint; left out: every half minute. */
  readonly checkpoints?: CheckpointInterval | undefined;
  /** Others that train the same model, for a budget in steps or epochs; left out: this machine trains alone. */
  readonly rounds?: RoundOptions | undefined;
  /** When the command began, of `performance.now()`: a budget in minutes counts from there, the last measurement included. */
  readonly startedAtMs: number;
}

export interface TrainedModel {
  /** The best by the validation sample. */
  readonly weights: Weights;
  /** On that sample, and after which step: 0 where nothing that was trained is better than what it began with. */
  readonly best: Pick<Best, 'nats' | 'step'>;
  readonly steps: number;
  /** Trained, earlier legs included. */
  readonly seconds: number;
  /** Over every document of the part. */
  readonly validation: Quality;
  readonly test: Quality | null;
  /** Of each of these documents, in nats per character. */
  readonly documentNats: Readonly<Record<'validation' | 'test', readonly number[]>>;
  readonly reason: TrainingResult['reason'];
}

/** Of what a leg began with, in weights that are tried at its end: by docs/experiments.md. */
const beginningShares = [0.1, 0.3, 0.5];

interface Training {
  readonly tensorflow: LoadedTensorFlow;
  readonly gradient: Gradient;
  readonly batches: Batches;
  readonly clock: TrainingClock;
  readonly configuration: TrainingConfiguration;
  readonly options: TrainingOptions;
  readonly data: TrainingData;
  readonly leg: Leg;
  /** Trained weights, before any step of the leg; null: they were random, or the leg was interrupted and goes on. */
  readonly beganWith: Weights | null;
  /** The threads, and what they change: others after another number of threads was asked for. */
  stepper: Stepper;
  session: Session;
  /** Null: this machine trains alone. */
  readonly rounds: Rounds | null;
  readonly validator: Validator;
  readonly timing: Timing;
  readonly meter: ProgressMeter;
  readonly seconds: () => number;
  exportedAtMs: number;
}

/**
 * Trains until the budget is used up, the signal aborts, the loss is not finite or the model clearly over-fits, and
 * measures the best weights on all held-out documents.
 * @throws UserError where there is nothing to validate on
 */
export async function trainModel(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  data: TrainingData,
  options: TrainingOptions,
): Promise<TrainedModel> {
  const training = await start(tensorflow, configuration, data, options);
  try {
    return await trainTo(training);
  } finally {
    await training.stepper.dispose();
  }
}

async function trainTo(training: Training): Promise<TrainedModel> {
  const { validator, options } = training;
  const { hooks, logger } = options;
  // A training that is killed before its first half minute can be gone on with too.
  if (options.resumeFrom === null) await checkpoint(training);
  const reason = await runLoop(training);
  const { session } = training;
  const { step } = session.position();
  logger.info(`Training ended after ${step} steps: ${reason}.`);
  // A run that was stopped is resumed from before this measurement, which an uninterrupted one would not have made.
  if (reason === 'stopped') await checkpoint(training);
  const isSound = reason !== 'not finite' && reason !== 'thread lost';
  if (isSound && validator.lastStep() !== step) await validate(training);
  // As the learning rate has fallen, the last weights may be better than their average.
  const last = training.rounds?.weights ?? session.weights;
  if (isSound) await validator.sample(last, step);
  if (isSound) await sampleNearer(training, last, step);
  // A lost thread may have left half of an update, and a loss that is not finite useless weights: the checkpoint before stays.
  if (isSound && reason !== 'stopped') await checkpoint(training);
  const { weights, nats, step: bestStep } = validator.best();
  const validation = (await validator.whole(weights, 'validation'))!;
  hooks.validation({ type: 'validation', step, ...validation.quality });
  const test = await validator.whole(weights, 'test');
  return {
    weights,
    best: { nats, step: bestStep },
    steps: step,
    seconds: training.seconds(),
    validation: validation.quality,
    test: test?.quality ?? null,
    documentNats: { validation: validation.documentNats, test: test?.documentNats ?? [] },
    reason,
  };
}

/** What has read much forgets some of it: nearer to what it began with may be better (Wortsman et al. 2022, arXiv 2109.01903). */
async function sampleNearer({ beganWith, leg, validator }: Training, last: Weights, step: number): Promise<void> {
  if (beganWith === null) return;
  const best = validator.best();
  const trained = best.step > leg.startStep ? best.weights : last;
  for (const share of beginningShares) await validator.sample(mixWeights(trained, beganWith, share), step);
}

async function start(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  data: TrainingData,
  options: TrainingOptions,
): Promise<Training> {
  const clock = createTrainingClock();
  const began = clock.now();
  const { vocabulary } = data;
  const snapshot = options.resumeFrom === null ? null : growSnapshot(options.resumeFrom, vocabulary);
  const gradient = chooseGradient(tensorflow, configuration, vocabulary.size, options.logger);
  const initial = snapshot?.weights ?? startingWeights(configuration, vocabulary, options.from);
  const batches = sessionBatches(configuration, data.training, snapshot, options.rounds);
  const beginning = { configuration, initial, batch: batches.batch, carried: snapshot ?? undefined };
  const stepper = await chooseStepper(tensorflow.tf, gradient, beginning, options.replicas, options.logger);
  options.logger.info(`Training on ${stepper.name}.`);
  const machine = options.rounds?.machine;
  const threads = { stepper, session: createSession(stepper, configuration, batches, initial, snapshot, machine) };
  const rounds = options.rounds === undefined ? null : createRounds(options.rounds, initial, snapshot);
  const leg = legFor(configuration.budget, snapshot, threads.session.position());
  const beganWith = snapshot === null ? options.from && initial : trainedBefore(leg, snapshot);
  const measurer = measurerOf(threads, createLocalMeasurer(gradient, configuration.model), options.logger);
  const validator = createValidator(measurer, configuration, data, tensorflow.backend === 'tensorflow');
  const timing = createTiming(leg, options.startedAtMs, () => threads.session.position(), clock, options.checkpoints);
  const seconds = (): number => (snapshot?.seconds ?? 0) + (clock.now() - began) / 1000;
  const meter = createProgressMeter();
  const training: Training = Object.assign(threads, {
    ...{ tensorflow, gradient, batches, clock, rounds },
    configuration,
    options,
    data,
    leg,
    beganWith,
    validator,
    timing,
    meter,
    seconds,
    exportedAtMs: -Infinity,
  });
  const best = snapshot?.best ?? { weights: threads.session.weights, step: 0 };
  const { quality } = await validator.sample(best.weights, best.step);
  if (snapshot === null) options.hooks.validation({ type: 'validation', step: 0, ...quality });
  noteCosts(training);
  return training;
}

async function runLoop(training: Training): Promise<TrainingResult['reason']> {
  const { clock, timing, meter, leg, configuration, validator, options } = training;
  const hadGoodWeights = leg.continued || options.from !== null;
  for (;;) {
    await waitThroughPause(options.interventions, clock, options.signal, (reason) => options.hooks.paused(reason));
    if (options.signal.aborted) return 'stopped';
    const share = timing.share();
    const { step } = training.session.position();
    if (training.rounds?.isOver(step, share >= 1)) {
      const ended = await endRound(training);
      if (ended !== null) return ended;
      continue;
    }
    if (share >= 1) return 'budget';
    const began = performance.now();
    const { learningRate, decayShare } = configuration;
    const at = { share, steps: step - leg.startStep, continued: leg.continued, decayShare };
    const rateShare = learningRateShare(at);
    const rate = learningRate * rateShare;
    const result = await advance(training, rate, streamsOfStep(configuration, leg, share));
    if (result === null) return 'thread lost';
    if (result.isFinite) await setImmediate(); // messages of the parent get in
    meter.add(result, performance.now() - began);
    if (!result.isFinite) {
      // The step that failed was not counted.
      reportProgress(training, rate, 1);
      return 'not finite';
    }
    if (timing.progressDue()) reportProgress(training, rate);
    // What one of several machines has learnt alone is no model yet.
    if (training.rounds === null && timing.validationDue()) {
      await validate(training);
      if (validator.isOverfitting(overfittingMargin(hadGoodWeights, rateShare))) return 'no improvement';
    }
    const replicas = options.interventions.takeReplicas();
    if (replicas !== null) await changeThreads(training, await replicas);
    else if (timing.checkpointDue() && !training.rounds?.isOver(step + 1, false)) await checkpoint(training);
  }
}

/** Goes on from what all machines have learnt. All depends on the step alone, so that every machine measures the same. @returns why the training ends */
async function endRound(training: Training): Promise<'stopped' | 'not finite' | null> {
  const { rounds, session, clock, leg, options } = training;
  const { step } = session.position();
  const before = rounds!.lastStep();
  try {
    if (!(await clock.leaveOut(() => rounds!.end(session.weights.values, step)))) return 'not finite';
  } catch (error) {
    if (isAborted(error) && options.signal.aborted) return 'stopped';
    throw error;
  }
  if (nextValidationStep(before - leg.startStep) <= step - leg.startStep) await validate(training);
  await checkpoint(training);
  return null;
}

/** Fewer at first: more updates soon, and quieter ones later. A training that is gone on with had its first half before. */
function streamsOfStep({ batch, firstBatch }: TrainingConfiguration, { continued }: Leg, share: number): number {
  return continued || share >= 0.5 ? batch : firstBatch;
}

/** Goes on with other threads from a checkpoint, as a training does that was stopped there. */
async function changeThreads(training: Training, replicas: ReplicaOptions): Promise<void> {
  const { tensorflow, gradient, batches, configuration, options } = training;
  const snapshot = await checkpoint(training);
  await training.stepper.dispose();
  const beginning = { configuration, initial: snapshot.weights, batch: batches.batch, carried: snapshot };
  training.stepper = await chooseStepper(tensorflow.tf, gradient, beginning, replicas, options.logger);
  const machine = options.rounds?.machine;
  training.session = createSession(training.stepper, configuration, batches, snapshot.weights, snapshot, machine);
  options.logger.info(`Training goes on, on ${training.stepper.name}.`);
}

/** Null where a thread was lost, which is in the log. */
async function advance({ session, options }: Training, rate: number, mostStreams: number): Promise<StepResult | null> {
  try {
    return await session.advance(rate, mostStreams);
  } catch (error) {
    if (!isUserError(error)) throw error;
    options.logger.error(`${error.message} ${error.remedy}`);
    return null;
  }
}

function reportProgress({ meter, session, seconds, timing, options }: Training, rate: number, beyond = 0): void {
  const position = session.position();
  const measurement = meter.take({ ...position, step: position.step + beyond }, seconds(), rate);
  if (measurement !== null) options.hooks.progress(measurement, timing.secondsLeft());
}

async function validate(training: Training): Promise<void> {
  const { validator, session, rounds, options } = training;
  const { step } = session.position();
  const { quality, isBest } = await validator.sample(rounds?.average ?? session.average, step);
  options.hooks.validation({ type: 'validation', step, ...quality });
  noteCosts(training);
  if (!isBest || performance.now() - training.exportedAtMs < exportIntervalMs) return;
  await options.hooks.best(validator.best().weights, quality, step);
  training.exportedAtMs = performance.now();
}

function noteCosts({ validator, timing, beganWith }: Training): void {
  const { sampleMs, wholeMs } = validator.costs();
  const nearerMs = beganWith === null ? 0 : beginningShares.length * sampleMs;
  timing.measured(sampleMs, nearerMs + wholeMs);
}

async function checkpoint({
  session,
  rounds,
  validator,
  options,
  leg,
  seconds,
  data,
  timing,
}: Training): Promise<TrainingSnapshot> {
  const { step, characters, epoch, window, stream } = session.position();
  const { codePoints } = data.vocabulary;
  const best = validator.best();
  const snapshot: TrainingSnapshot = {
    ...{ step, characters, epoch, window, stream, leg, codePoints, best },
    common: null,
    ...session.parts(),
    ...rounds?.parts(),
    seconds: seconds(),
  };
  if (isFiniteSnapshot(snapshot)) await options.hooks.checkpoint(snapshot);
  else options.logger.warn(`No checkpoint at step ${step}: its values are not finite.`);
  timing.checkpointed();
  return snapshot;
}
