import type { Choice } from '../core/autoConfiguration';
import type { Weights } from '../core/parameters';
import type { Measurement, StartMeasurement } from '../protocol/files';
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
 * @param run id of the run
 */
export function createRecorder(
  { out, keepModels }: Pick<TrainRequest, 'out' | 'keepModels'>,
  run: string,
  data: PreparedData,
  { events, logger }: Pick<RunContext, 'events' | 'logger'>,
): Recorder {
  const directory = paths.run(out, run);
  const checkpoints = createCheckpoints(directory, logger);
  let writtenStep = 0;
  // Lines are appended one after the other; a measurement need not wait for the disk.
  let written = Promise.resolve();
  const append = (measurement: Measurement): Promise<void> =>
    (written = written
      .then(() => appendHistory(paths.history(directory), measurement))
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
      const measurement: StartMeasurement = {
        ...{ type: 'start', step, ...parts, ...data.baselines },
        ...{ training: configuration, reasons: [...reasons] },
      };
      await append(measurement);
      void events.start.asEvent(measurement, run);
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
      async best(weights, quality, step) {
        await exportNow(weights, { step, validation: quality, test: null });
      },
      checkpoint: (snapshot) => checkpoints.write(snapshot),
    },
  };
}
