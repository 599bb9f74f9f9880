import * as l10n from '@vscode/l10n';
import { isAbsolute, join, relative, sep } from 'node:path';
import {
  chooseConfiguration,
  largestBatch,
  needsPrecision,
  needsSpeed,
  suitableBatch,
  type Choice,
} from '../training/plan/autoConfiguration';
import type { AskedTraining, CorpusConfiguration } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { requireCharacters } from '../corpus/readCorpus';
import { writeFileAtomically } from '../store/atomicFile';
import { formatVersion, type RunConfiguration } from '../store/files';
import { listIdentifiers, newIdentifier, paths, readRunConfiguration } from '../store/modelDirectory';
import { pruneModels } from '../store/pruning';
import type { CorpusSummary, NamedTraining, TrainingResult, TrainRequest } from '../protocol/trainer';
import { createCheckpoints } from '../training/state/checkpoint';
import type { ReplicaOptions } from '../training/threads/replicaStepper';
import type { TrainingSnapshot } from '../training/state/snapshot';
import { fasterPrecision, measureSpeed } from '../training/probing/speedProbe';
import { loadTensorFlow, type LoadedTensorFlow } from '../training/tensorflow/tensorflow';
import type { SourceModel } from '../training/state/initialWeights';
import { trainModel, type TrainedModel } from '../training/loop/trainingLoop';
import { watchPower } from './power';
import { leastStreams, replicaCount } from './replicaCount';
import { lengthOf, readTrainingCorpus } from './trainingCorpus';
import { prepareData, type PreparedData, type PreviousData } from './trainingData';
import { measureModelInUse, readModelInUse, takesPlace, type ToBeat } from './modelInUse';
import type { RunContext } from './runContext';
import { compressorBaseline } from './compressorBaseline';
import { createSampleWriter } from './sampleWriting';
import { createRecorder, type Recorder } from './trainingRecorder';
import { readSourceModel } from './sourceModel';
import { sourceHelps } from './sourceTrial';

/** The bundle of the training threads lies beside the trainer's. */
const replicaEntry = join(__dirname, 'replica.js');

/** A run that is continued. */
interface PreviousRun {
  readonly configuration: RunConfiguration;
  readonly snapshot: TrainingSnapshot;
}

/**
 * Reads the corpus, trains, and leaves the best model in use. The lock is held by the caller.
 * @throws UserError where there is too little to learn from, nothing to resume, or nothing was learnt
 */
export async function runTraining(request: TrainRequest, context: RunContext): Promise<TrainingResult> {
  const { events, logger, signal, startedAtMs } = context;
  const previous = request.resume ? await readPreviousRun(request.out, logger) : undefined;
  if (previous !== undefined) requireSame(previous.configuration.training, request.named ?? {});
  const offered =
    request.from === null || request.resume
      ? null
      : await readSourceModel(request.from, (reason) => void events.fromRandomWeights.asEvent(reason));
  const inUse = await readModelInUse(request.out, logger);
  const { budget, threads, decayShare } = request.training;
  const files = continuedCorpus(request.corpus, previous?.configuration.corpus);
  const ownSettings = previous?.configuration.training ?? request.training;
  const data = await readData(request, { corpus: files, training: ownSettings }, context, {
    split: previous?.configuration.split ?? [],
    known: previous?.snapshot.codePoints ?? offered?.vocabulary.codePoints ?? [],
    mayForget: previous === undefined && request.from?.isRequired === false,
    inUse: inUse?.source.vocabulary,
  });
  void events.corpus.asEvent(data.summary);
  const tensorflow = await loadTensorFlow();
  if (tensorflow.warning !== null) logger.warn(tensorflow.warning);
  const asked = { ...ownSettings, budget, threads, decayShare };
  const { source, choice } = await chooseStart(tensorflow, { asked, offered }, data, request, context);
  const training = choice.configuration;
  const { validationInUse } = data;
  const toBeat =
    inUse === undefined ? null : await measureModelInUse(tensorflow, training, inUse, validationInUse, context);
  const spared = inUse === undefined ? [] : [inUse.id];
  if (previous === undefined) await pruneOld(request, spared, logger);
  const run = previous?.configuration.run ?? newIdentifier(await listIdentifiers(paths.runs(request.out)));
  const write = (): Promise<void> => writeRun(request, { run, corpus: files, training }, data);
  await write();
  const writeSample = createSampleWriter(tensorflow, training, data, logger);
  const recorder = createRecorder(request, run, data, write, toBeat, writeSample, context);
  const resumeFrom = previous?.snapshot ?? null;
  const compressor = await compressorBaseline(data.vocabulary, data.training, data.validation);
  await recorder.start(resumeFrom?.step ?? 0, choice, compressor);
  const power = request.pauseOnBattery ? await watchPower(logger) : undefined;
  const outcome = await trainModel(tensorflow, training, data, {
    resumeFrom,
    from: source,
    startedAtMs,
    signal,
    hooks: recorder.hooks,
    logger,
    replicas: await replicasFor(threads, training.batch),
    checkpoints: request.checkpoints,
    interventions: {
      pauseReason: () => (power?.onBattery() === true ? l10n.t('Paused: the machine runs on its battery.') : null),
      takeReplicas: () => {
        const wanted = context.takeThreads();
        return wanted === null ? null : replicasFor(wanted, training.batch);
      },
    },
  });
  power?.stop();
  await recorder.written();
  const beginning = { resumed: previous !== undefined, trained: source !== null };
  const kept = await keepModel(outcome, beginning, toBeat, recorder);
  await pruneOld(request, [...spared, run], logger);
  const { steps, reason, validation, test } = outcome;
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { ...kept, run, seconds, steps, validation, test, baselines: data.baselines, reason };
}

/** Exports what was learnt, and puts it into use where it may be. @throws UserError where nothing was learnt, unless it was stopped */
async function keepModel(
  { weights, best, steps, reason, validation, test }: TrainedModel,
  beginning: { readonly resumed: boolean; readonly trained: boolean },
  toBeat: ToBeat | null,
  recorder: Recorder,
): Promise<Pick<TrainingResult, 'model' | 'stays'>> {
  const stays = (nats: number | null): TrainingResult['stays'] =>
    toBeat === null
      ? null
      : {
          model: toBeat.id,
          perplexity: perplexityOf(toBeat.nats),
          newPerplexity: nats === null ? null : perplexityOf(nats),
        };
  if (best.step === 0 && !beginning.trained) {
    if (reason === 'stopped') return { model: null, stays: stays(null) };
    throw new UserError(
      l10n.t`Nothing was learnt in ${steps} steps (${reason}), and no model was written.`,
      l10n.t('Train longer, or with a smaller learning rate.'),
    );
  }
  const use = takesPlace(toBeat, best.nats, { reason, resumed: beginning.resumed });
  const model = await recorder.export(weights, { step: steps, validation, test }, use);
  return { model, stays: use ? null : stays(best.nats) };
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

/** A function of its own, so that nothing holds the texts any more when they are encoded. */
async function readData(
  request: TrainRequest,
  { corpus, training }: { corpus: CorpusConfiguration; training: AskedTraining },
  { logger, signal }: RunContext,
  previous: PreviousData,
): Promise<PreparedData> {
  const texts = await readTrainingCorpus(request.folders, withoutOut(request, corpus), logger, signal);
  const characters = texts.files.reduce((sum, { range }) => sum + lengthOf(range), 0);
  requireCharacters(characters, training.minimumCharacters, texts.leftOut);
  return prepareData(texts, training, previous);
}

async function replicasFor(threads: number, batch: number): Promise<ReplicaOptions> {
  return { entry: replicaEntry, count: await replicaCount(threads, batch) };
}

/** Chooses the configuration, and whether the training starts from the model that is offered. */
async function chooseStart(
  tensorflow: LoadedTensorFlow,
  { asked, offered }: { asked: AskedTraining; offered: SourceModel | null },
  data: PreparedData,
  { from }: TrainRequest,
  context: RunContext,
): Promise<{ source: SourceModel | null; choice: Choice }> {
  const { events, logger } = context;
  const configured = (source: SourceModel | null): Promise<Choice> => {
    const wanted = source === null ? asked : { ...asked, model: source.weights.model };
    return configure(tensorflow, wanted, data.summary, source !== null, context.signal);
  };
  let [source, choice] = [offered, await configured(offered)];
  const isOptional = from?.isRequired === false;
  if (source !== null && isOptional && !(await sourceHelps(tensorflow, choice.configuration, data, source, context))) {
    void events.fromRandomWeights.asEvent(
      'The training starts from random weights: what the base model knows does not help with this text.',
    );
    [source, choice] = [null, await configured(null)];
  }
  for (const reason of choice.reasons) logger.info(`Chosen: ${reason}.`);
  return { source, choice };
}

/** Chooses what the request leaves open. */
async function configure(
  tensorflow: LoadedTensorFlow,
  asked: AskedTraining,
  { trainCharacters, vocabulary }: CorpusSummary,
  pretrained: boolean,
  signal: AbortSignal,
): Promise<Choice> {
  const busyStreams = leastStreams * (await replicaCount(asked.threads, largestBatch));
  const batch = Math.min(asked.batch ?? suitableBatch(busyStreams), largestBatch);
  const replicas = await replicasFor(asked.threads, batch);
  const own = Math.ceil(batch / replicas.count);
  const faster = needsPrecision(asked) ? await fasterPrecision(tensorflow, asked, vocabulary, own, signal) : 'float32';
  const probed = { ...asked, batch, precision: asked.precision ?? faster };
  return chooseConfiguration(asked, {
    trainingCharacters: trainCharacters,
    vocabularySize: vocabulary,
    busyStreams,
    operationsPerSecond: needsSpeed(asked)
      ? await measureSpeed(tensorflow, probed, vocabulary, replicas, signal)
      : null,
    fasterPrecision: faster,
    pretrained,
  });
}

/** The newest run and its checkpoint. */
async function readPreviousRun(out: string, logger: Logger): Promise<PreviousRun> {
  const runs = await listIdentifiers(paths.runs(out));
  for (const id of runs.reverse()) {
    const configuration = await readRunConfiguration(out, id).catch(() => undefined);
    if (configuration === undefined) continue;
    const snapshot = await createCheckpoints(paths.run(out, id), logger).read(configuration.training.model);
    if (snapshot !== null) return { configuration, snapshot };
  }
  throw new UserError(l10n.t`There is no training to go on with in ${out}.`, l10n.t('Train without resuming first.'));
}

/** A run goes on as it was begun. @throws UserError where something else was asked for */
function requireSame({ model, ...training }: RunConfiguration['training'], named: NamedTraining): void {
  const begun: Readonly<Record<string, unknown>> = { ...training, ...model };
  for (const [name, wanted] of Object.entries(named)) {
    if (begun[name] === wanted) continue;
    const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    throw new UserError(
      l10n.t`The training to go on with was begun with ${words} ${String(begun[name])}, not ${wanted}.`,
      l10n.t`Leave ${words} out, or train anew.`,
    );
  }
}

/** What was excluded before stays so, and what the user excludes now is too. */
function continuedCorpus(asked: CorpusConfiguration, previous = asked): CorpusConfiguration {
  const include = asked.include.length > 0 ? asked.include : previous.include;
  return { ...asked, include, exclude: [...new Set([...previous.exclude, ...asked.exclude])] };
}

/** The corpus configuration without the model directory, where that lies in a folder of the workspace. */
function withoutOut({ folders, out }: TrainRequest, corpus: CorpusConfiguration): CorpusConfiguration {
  const inside = folders
    .map(({ directory }) => relative(directory, out))
    .filter((path) => path !== '' && !path.startsWith('..') && !isAbsolute(path));
  return { ...corpus, exclude: [...corpus.exclude, ...inside.map((path) => `/${path.split(sep).join('/')}`)] };
}

async function writeRun(
  { folders, out }: TrainRequest,
  settings: Pick<RunConfiguration, 'run' | 'corpus' | 'training'>,
  data: PreparedData,
): Promise<void> {
  const configuration: RunConfiguration = {
    formatVersion,
    createdAt: new Date().toISOString(),
    ...settings,
    folders: [...folders],
    codePoints: [...data.vocabulary.codePoints],
    split: [...data.split],
  };
  await writeFileAtomically(paths.runConfiguration(paths.run(out, settings.run)), JSON.stringify(configuration));
}
