import type { Choice } from '../training/plan/autoConfiguration';
import { describeError } from '../core/errors';
import type { Weights } from '../core/parameters';
import type { Measurement, StartMeasurement } from '../store/files';
import { exists } from '../store/atomicFile';
import { diskProblem } from '../store/diskProblem';
import { appendHistory, trimHistory } from '../store/history';
import { paths } from '../store/modelDirectory';
import { appendSample } from '../store/samples';
import { pruneRun } from '../store/pruning';
import type { TrainRequest } from '../protocol/trainer';
import { createCheckpoints } from '../training/state/checkpoint';
import type { TrainingSnapshot } from '../training/state/snapshot';
import type { SourceModel } from '../training/state/initialWeights';
import type { TrainingHooks } from '../training/loop/trainingLoop';
import { exportWeights, type ExportedQuality } from './exporter';
import type { CompressorBaseline } from './compressorBaseline';
import { takesPlace, type ToBeat } from './modelInUse';
import type { PreparedData } from './trainingData';
import type { RunContext } from './runContext';
import type { WriteSample } from './sampleWriting';

/** Keeps what a training says: on the disk, and by events for whoever watches. */
export interface Recorder {
  readonly hooks: TrainingHooks;
  /** The first line of the history, or of a continued stretch, which begins after what a snapshot has trained. */
  start(
    before: Pick<TrainingSnapshot, 'step' | 'seconds'> | undefined,
    choice: Choice,
    compressor: CompressorBaseline,
  ): Promise<void>;
  /**
   * @param use whether it becomes the model in use
   * @param model as it is exported, of weights that may know more tokens than those that were trained
   * @returns the folder of the export
   */
  export(weights: Weights, quality: ExportedQuality, use: boolean, model: SourceModel): Promise<string>;
  /** Resolves when every measurement so far is written. */
  written(): Promise<void>;
}

/** Steps between two lines of progress, as a share of all so far: the history grows with the logarithm of the time. */
const leastStepShare = 1 / 2_000;

/**
 * Where the disk is full or the folder is gone, what could not be written is left out and told once, and the training goes
 * on: the next checkpoint or export tries again, and the last export fails as the training does.
 * @param run id of the run
 * @param writeRun writes the configuration of the run
 * @param toBeat the model in use, which stays until a better one is found
 * @param writeSample lets an export write some text
 */
export function createRecorder(
  { out }: Pick<TrainRequest, 'out'>,
  run: string,
  data: PreparedData,
  writeRun: () => Promise<void>,
  toBeat: ToBeat | null,
  writeSample: WriteSample,
  { events, logger }: Pick<RunContext, 'events' | 'logger'>,
): Recorder {
  const directory = paths.run(out, run);
  const checkpoints = createCheckpoints(directory, logger);
  let writtenStep = 0;
  let start: StartMeasurement | undefined;
  let complaint: string | undefined;
  const complain = (error: unknown): void => {
    const problem = diskProblem(error, out);
    if (problem === undefined) throw error;
    if (complaint !== problem.message) logger.error(`${problem.message} ${problem.remedy} The training goes on.`);
    complaint = problem.message;
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await restoreRun();
      await work();
      complaint = undefined;
    } catch (error) {
      complain(error);
    }
  };
  const restoreRun = async (): Promise<void> => {
    if (await exists(paths.runConfiguration(directory))) return;
    logger.warn(`The folder ${directory} was deleted while its model trains; it is written again.`);
    await writeRun();
    if (start !== undefined) await append(start);
  };
  // Lines are appended one after the other; a measurement need not wait for the disk.
  let written = Promise.resolve();
  const append = (measurement: Measurement): Promise<void> =>
    (written = written
      .then(() => appendHistory(paths.history(directory), measurement))
      .catch(complain)
      .catch((error: unknown) => logger.error(`The history cannot be written: ${String(error)}`)));
  const keepSample = async (weights: Weights, step: number): Promise<void> => {
    const sample = writeSample(weights, step);
    void events.sample.asEvent(sample);
    await appendSample(paths.samples(directory), sample);
  };
  const exportNow = async (
    weights: Weights,
    quality: ExportedQuality,
    use: boolean,
    model: SourceModel = { weights, vocabulary: data.vocabulary },
  ): Promise<string> => {
    const exported = await exportWeights(out, run, model, quality, use);
    await append({ type: 'export', step: quality.step, model: exported.id });
    // What lies beside a model fails no training.
    await keepSample(weights, quality.step).catch((error: unknown) =>
      logger.warn(`What the model writes was not kept: ${describeError(error)}`),
    );
    await pruneRun(out, run).catch((error: unknown) =>
      logger.warn(`Old models were not removed: ${describeError(error)}`),
    );
    if (use) void events.exported.asEvent(exported.directory);
    return exported.directory;
  };
  return {
    async start(before, { configuration, reasons }, compressor) {
      const step = before?.step ?? 0;
      const { trainCharacters, validationCharacters, testCharacters, vocabulary } = data.summary;
      const parts = { trainCharacters, validationCharacters, testCharacters, vocabulary, at: Date.now() };
      await trimHistory(paths.history(directory), step);
      start = {
        ...{ type: 'start', step, ...(before && { seconds: before.seconds }), ...parts, ...data.baselines, compressor },
        ...{ training: configuration, reasons: [...reasons] },
      };
      await append(start);
      void events.start.asEvent(start, run);
    },
    export: exportNow,
    written: () => written,
    hooks: {
      progress(measured, secondsLeft) {
        const measurement = { ...measured, at: Date.now() };
        const isFinite = Number.isFinite(measurement.nats) && Number.isFinite(measurement.gradientNorm);
        if (!isFinite || measurement.step - writtenStep >= measurement.step * leastStepShare) {
          void append(measurement);
          writtenStep = measurement.step;
        }
        void events.progress.asEvent(measurement, secondsLeft);
      },
      validation(measured) {
        const measurement = { ...measured, at: Date.now() };
        void append(measurement);
        void events.validation.asEvent(measurement);
      },
      best: async (weights, quality, step) => {
        if (!takesPlace(toBeat, quality.nats)) return;
        await attempt(() => exportNow(weights, { step, validation: quality, test: null }, true));
      },
      paused(reason) {
        logger.info(reason ?? 'The training goes on.');
        void events.paused.asEvent(reason);
      },
      checkpoint: (snapshot) =>
        attempt(async () => {
          void events.checkpoint.asEvent(await checkpoints.write(snapshot), snapshot.step);
        }),
    },
  };
}
