import * as l10n from '@vscode/l10n';
import { isAbsolute, relative, sep } from 'node:path';
import type { CorpusConfiguration, TrainingConfiguration } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { requireCharacters } from '../corpus/readCorpus';
import { writeFileAtomically } from '../store/atomicFile';
import { formatVersion, type CorpusReport, type RunConfiguration } from '../store/files';
import { writeCorpusReport } from '../store/corpusReport';
import { listIdentifiers, newIdentifier, paths } from '../store/modelDirectory';
import { pruneModels } from '../store/pruning';
import type { TrainingResult, TrainRequest } from '../protocol/trainer';
import { loadTensorFlow, type LoadedTensorFlow } from '../training/tensorflow/tensorflow';
import type { SourceModel } from '../training/state/initialWeights';
import { trainModel, type TrainedModel } from '../training/loop/trainingLoop';
import { readBeginning, type Beginning } from './beginning';
import { compressorBaseline } from './compressorBaseline';
import { corpusReport } from './corpusReporting';
import { withLeftOutTokens } from './leftOutTokens';
import { measureModelInUse, takesPlace, type ModelInUse, type ToBeat } from './modelInUse';
import { watchPower } from './power';
import { replicasFor } from './replicaCount';
import { agreeOnStart } from './roundStart';
import type { RunContext } from './runContext';
import { createSampleWriter } from './sampleWriting';
import { chooseStart, type Start } from './startChoice';
import { lengthOf, readTrainingCorpus } from './trainingCorpus';
import { prepareData, type PreparedData } from './trainingData';
import { createRecorder, type Recorder } from './trainingRecorder';

/**
 * Reads the corpus, trains, and leaves the best model in use. The lock is held by the caller.
 * @throws UserError where there is too little to learn from, nothing to resume, or nothing was learnt
 */
export async function runTraining(request: TrainRequest, context: RunContext): Promise<TrainingResult> {
  const { events, logger } = context;
  const beginning = await readBeginning(request, context);
  const { previous, inUse } = beginning;
  const data = await readData(request, beginning, context);
  void events.corpus.asEvent(data.summary);
  const tensorflow = await loadTensorFlow();
  if (tensorflow.warning !== null) logger.warn(tensorflow.warning);
  const chosen = await chooseStart(tensorflow, beginning, request.from?.isRequired !== false, data, context);
  const start = request.rounds && previous === undefined ? await agreeOnStart(chosen, data, context) : chosen;
  const toBeat = await modelToBeat(tensorflow, start.choice.configuration, inUse, data, context);
  const spared = inUse === undefined ? [] : [inUse.id];
  if (previous === undefined) await pruneOld(request, spared, logger);
  const { run, recorder } = await openRun(tensorflow, request, { beginning, start, toBeat }, data, context);
  const outcome = await trainAsAsked(tensorflow, request, { beginning, start }, data, recorder, context);
  await recorder.written();
  const begun = { resumed: previous !== undefined, trained: start.source !== null };
  await keepReport(request, run, corpusReport(data, outcome.documentNats), logger);
  const model = await withAllTokens(tensorflow, { beginning, start }, data, outcome);
  const kept = await keepModel(outcome, model, begun, toBeat, recorder);
  await pruneOld(request, [...spared, run], logger);
  const { steps, reason, validation, test } = outcome;
  const seconds = (performance.now() - context.startedAtMs) / 1000;
  const stepsBefore = previous?.snapshot.step ?? 0;
  return { ...kept, run, seconds, steps, stepsBefore, validation, test, baselines: data.baselines, reason };
}

/** A function of its own, so that nothing holds the texts any more when they are encoded. */
async function readData(
  request: TrainRequest,
  { previous, offered, inUse, corpus, asked }: Beginning,
  { logger, signal }: RunContext,
): Promise<PreparedData> {
  const texts = await readTrainingCorpus(request.folders, withoutOut(request, corpus), logger, signal);
  const characters = texts.files.reduce((sum, { range }) => sum + lengthOf(range), 0);
  requireCharacters(characters, asked.minimumCharacters, texts.leftOut);
  return prepareData(texts, asked, {
    split: previous?.configuration.split ?? [],
    known: previous?.snapshot.codePoints ?? offered?.vocabulary.codePoints ?? [],
    mayForget: previous === undefined && request.from?.isRequired === false,
    inUse: inUse?.source.vocabulary,
  });
}

/** The corpus configuration without the model directory, where that lies in a folder of the workspace. */
function withoutOut({ folders, out }: TrainRequest, corpus: CorpusConfiguration): CorpusConfiguration {
  const inside = folders
    .map(({ directory }) => relative(directory, out))
    .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path));
  return { ...corpus, exclude: [...corpus.exclude, ...inside.map((path) => `/${path.split(sep).join('/')}`)] };
}

/** Null where no model is in use: any is better then. */
async function modelToBeat(
  tensorflow: LoadedTensorFlow,
  training: TrainingConfiguration,
  inUse: ModelInUse | undefined,
  { validationInUse }: PreparedData,
  context: RunContext,
): Promise<ToBeat | null> {
  return inUse === undefined ? null : measureModelInUse(tensorflow, training, inUse, validationInUse, context);
}

/** Writes down what the run is, and begins its history. @returns its id, and who records what happens in it */
async function openRun(
  tensorflow: LoadedTensorFlow,
  request: TrainRequest,
  { beginning, start, toBeat }: { beginning: Beginning; start: Start; toBeat: ToBeat | null },
  data: PreparedData,
  context: RunContext,
): Promise<{ run: string; recorder: Recorder }> {
  const { previous, corpus } = beginning;
  const { configuration: training } = start.choice;
  const run = previous?.configuration.run ?? newIdentifier(await listIdentifiers(paths.runs(request.out)));
  const createdAt = previous?.configuration.createdAt ?? new Date().toISOString();
  const write = (): Promise<void> => writeRun(request, { run, createdAt, corpus, training }, data);
  await write();
  await keepReport(request, run, corpusReport(data), context.logger);
  const writeSample = createSampleWriter(tensorflow, training, data, context.logger);
  const recorder = createRecorder(request, run, data, write, toBeat, writeSample, context);
  const compressor = await compressorBaseline(data.vocabulary, data.training, data.validation);
  await recorder.start(previous?.snapshot, start.choice, compressor);
  return { run, recorder };
}

async function writeRun(
  { folders, out }: TrainRequest,
  settings: Pick<RunConfiguration, 'run' | 'createdAt' | 'corpus' | 'training'>,
  data: PreparedData,
): Promise<void> {
  const configuration: RunConfiguration = {
    formatVersion,
    ...settings,
    folders: [...folders],
    codePoints: [...data.vocabulary.codePoints],
    split: [...data.split],
  };
  await writeFileAtomically(paths.runConfiguration(paths.run(out, settings.run)), JSON.stringify(configuration));
}

/** What was read is no part of the model: that it cannot be written down fails no training. */
async function keepReport({ out }: TrainRequest, run: string, report: CorpusReport, logger: Logger): Promise<void> {
  await writeCorpusReport(out, run, report).catch((error: unknown) =>
    logger.warn(`What was read was not written down: ${describeError(error)}`),
  );
}

/** Trains on as many threads as are asked for, and not on the battery where that is asked for. */
async function trainAsAsked(
  tensorflow: LoadedTensorFlow,
  { training: { threads }, checkpoints, pauseOnBattery, rounds }: TrainRequest,
  { beginning, start }: { beginning: Beginning; start: Start },
  data: PreparedData,
  { hooks }: Recorder,
  { startedAtMs, signal, events, logger, takeThreads }: RunContext,
): Promise<TrainedModel> {
  const { configuration } = start.choice;
  const power = pauseOnBattery ? await watchPower(logger) : undefined;
  try {
    return await trainModel(tensorflow, configuration, data, {
      ...{ startedAtMs, signal, hooks, logger, checkpoints },
      rounds: rounds && { ...rounds, meet: (round, difference) => events.meet(round, difference) },
      resumeFrom: beginning.previous?.snapshot ?? null,
      from: start.source,
      replicas: await replicasFor(threads, configuration.batch),
      interventions: {
        pauseReason: () => (power?.onBattery() === true ? l10n.t('Paused: the machine runs on its battery.') : null),
        takeReplicas: () => {
          const wanted = takeThreads();
          return wanted === null ? null : replicasFor(wanted, configuration.batch);
        },
      },
    });
  } finally {
    power?.stop();
  }
}

/** What was trained, with what the model that it comes from knows beside it. */
async function withAllTokens(
  tensorflow: LoadedTensorFlow,
  { beginning: { previous, inUse }, start }: { beginning: Beginning; start: Start },
  { vocabulary, validation }: PreparedData,
  { weights, best }: TrainedModel,
): Promise<SourceModel> {
  const trained = { weights, vocabulary, nats: best.nats };
  const source = start.source ?? (inUse?.run === previous?.configuration.run ? inUse?.source : undefined);
  if (source === undefined) return trained;
  return withLeftOutTokens(tensorflow, start.choice.configuration, trained, source, validation);
}

/** Exports what was learnt, and puts it into use where it may be. @throws UserError where nothing was learnt, unless it was stopped */
async function keepModel(
  { weights, best, steps, reason, validation, test }: TrainedModel,
  model: SourceModel,
  begun: { readonly resumed: boolean; readonly trained: boolean },
  toBeat: ToBeat | null,
  recorder: Recorder,
): Promise<Pick<TrainingResult, 'model' | 'stays'>> {
  if (best.step === 0 && !begun.trained) {
    if (reason === 'stopped') return { model: null, stays: staying(toBeat, null) };
    throw new UserError(
      l10n.t`Nothing was learnt in ${steps} steps (${reason}), and no model was written.`,
      l10n.t('Train longer, or with a smaller learning rate.'),
    );
  }
  const use = takesPlace(toBeat, best.nats, { reason, resumed: begun.resumed });
  const directory = await recorder.export(weights, { step: steps, validation, test }, use, model);
  return { model: directory, stays: use ? null : staying(toBeat, best.nats) };
}

/** @param nats of the new model; null: there is none */
function staying(toBeat: ToBeat | null, nats: number | null): TrainingResult['stays'] {
  if (toBeat === null) return null;
  const newPerplexity = nats === null ? null : perplexityOf(nats);
  return { model: toBeat.id, perplexity: perplexityOf(toBeat.nats), newPerplexity };
}

/** Null for what was not measured. */
function perplexityOf(nats: number): number | null {
  return Number.isFinite(nats) ? Math.exp(nats) : null;
}

/** Removes what trainings before this one have left too much of. What lies beside a model fails no training. */
async function pruneOld({ out, keepModels }: TrainRequest, spared: readonly string[], logger: Logger): Promise<void> {
  await pruneModels(out, keepModels, spared).catch((error: unknown) =>
    logger.warn(`Old models were not removed: ${describeError(error)}`),
  );
}
