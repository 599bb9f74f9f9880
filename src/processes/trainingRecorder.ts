import type { Choice } from '../core/autoConfiguration';
import type { Weights } from '../core/parameters';
import type { Measurement, StartMeasurement } from '../protocol/files';
import { exists } from '../protocol/atomicFile';
import { diskProblem } from '../protocol/diskProblem';
import { appendHistory, trimHistory } from '../protocol/history';
import { paths, pruneModels } from '../protocol/modelDirectory';
import type { TrainRequest } from '../protocol/trainer';
import { createCheckpoints } from '../training/checkpoint';
import type { TrainingHooks } from '../training/trainer';
import { exportWeights, type ExportedQuality } from './exporter';
import type { PreparedData } from './trainingData';
import type { RunContext } from './trainingRun';

/** Keeps what a training says: on the disk, and by events for whoever watches. */
export interface Recorder {
  readonly hooks: TrainingHooks;
  /** The first line of the history, or of a continued stretch. */
  start(step: number, choice: Choice): Promise<void>;
  /** @returns the folder of the export */
  export(weights: Weights, quality: ExportedQuality): Promise<string>;
}

/** Steps between two lines of progress, as a share of all so far: the history grows with the logarithm of the time. */
const leastStepShare = 1 / 2_000;

/**
 * Where the disk is full or the folder is gone, what could not be written is left out and told once, and the training goes
 * on: the next checkpoint or export tries again, and the last export fails as the training does.
 * @param run id of the run
 * @param writeRun writes the configuration of the run
 */
export function createRecorder(
  { out, keepModels }: Pick<TrainRequest, 'out' | 'keepModels'>,
  run: string,
  data: PreparedData,
  writeRun: () => Promise<void>,
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
  const exportNow = async (weights: Weights, quality: ExportedQuality): Promise<string> => {
    const model = await exportWeights(out, run, weights, data.vocabulary, quality);
    await append({ type: 'export', step: quality.step, model: model.id });
    await pruneModels(out, keepModels);
    void events.exported.asEvent(model.directory);
    return model.directory;
  };
  return {
    async start(step, { configuration, reasons }) {
      const { trainCharacters, validationCharacters, testCharacters, vocabulary } = data.summary;
      const parts = { trainCharacters, validationCharacters, testCharacters, vocabulary };
      await trimHistory(paths.history(directory), step);
      start = {
        ...{ type: 'start', step, ...parts, ...data.baselines },
        ...{ training: configuration, reasons: [...reasons] },
      };
      await append(start);
      void events.start.asEvent(start, run);
    },
    export: exportNow,
    hooks: {
      progress(measurement, secondsLeft) {
        if (measurement.step - writtenStep >= measurement.step * leastStepShare) {
          void append(measurement);
          writtenStep = measurement.step;
        }
        void events.progress.asEvent(measurement, secondsLeft);
      },
      validation(measurement) {
        void append(measurement);
        void events.validation.asEvent(measurement);
      },
      best: (weights, quality, step) => attempt(() => exportNow(weights, { step, validation: quality, test: null })),
      paused(reason) {
        logger.info(reason ?? 'The training goes on.');
        void events.paused.asEvent(reason);
      },
      checkpoint: (snapshot) => attempt(() => checkpoints.write(snapshot)),
    },
  };
}
