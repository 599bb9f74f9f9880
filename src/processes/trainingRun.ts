import { isAbsolute, join, relative, sep } from 'node:path';
import {
  chooseConfiguration,
  largestBatch,
  needsPrecision,
  needsSpeed,
  suitableBatch,
  type Choice,
} from '../core/autoConfiguration';
import type { AskedTraining, CorpusConfiguration } from '../core/configuration';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { requireCharacters } from '../corpus/readCorpus';
import { writeFileAtomically } from '../protocol/atomicFile';
import { formatVersion, type RunConfiguration } from '../protocol/files';
import { listIdentifiers, newIdentifier, paths, readRunConfiguration } from '../protocol/modelDirectory';
import type { CorpusSummary, TrainerEvents, TrainingResult, TrainRequest } from '../protocol/trainer';
import { createCheckpoints } from '../training/checkpoint';
import type { ReplicaOptions } from '../training/replicas/replicaStepper';
import type { TrainingSnapshot } from '../training/snapshot';
import { fasterPrecision, measureSpeed } from '../training/speedProbe';
import { loadTensorFlow, type LoadedTensorFlow } from '../training/tensorflow';
import { trainModel } from '../training/trainer';
import type { Remote } from './channel';
import { watchPower } from './power';
import { leastStreams, replicaCount } from './replicaCount';
import { lengthOf, readTrainingCorpus } from './trainingCorpus';
import { prepareData, type PreparedData, type PreviousData } from './trainingData';
import { createRecorder } from './trainingRecorder';
import { readSourceModel } from './sourceModel';

/** The bundle of the training threads lies beside the trainer's. */
const replicaEntry = join(__dirname, 'replica.js');

/** What a run is given beside the request. */
export interface RunContext {
  /** Of `performance.now()`, when the request arrived: the budget in minutes counts from there. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  /** Another number of threads that was asked for since the last call; null: none. */
  readonly takeThreads: () => number | null;
  readonly events: Remote<TrainerEvents>;
  readonly logger: Logger;
}

/** A run that is continued. */
interface PreviousRun {
  readonly configuration: RunConfiguration;
  readonly snapshot: TrainingSnapshot;
}

/**
 * Reads the corpus, trains, and leaves the best model in use. The lock is held by the caller.
 * @throws UserError where there is too little to learn from, or nothing to resume
 */
export async function runTraining(request: TrainRequest, context: RunContext): Promise<TrainingResult> {
  const { events, logger, signal, startedAtMs } = context;
  const previous = request.resume ? await readPreviousRun(request.out, logger) : undefined;
  const source = request.from === null || request.resume ? null : await readSourceModel(request.from);
  const { budget, threads } = request.training;
  const wanted = source === null ? request.training : { ...request.training, model: source.weights.model };
  const asked = { ...(previous?.configuration.training ?? wanted), budget, threads };
  const files = continuedCorpus(request.corpus, previous?.configuration.corpus);
  const data = await readData(request, { corpus: files, training: asked }, context, {
    split: previous?.configuration.split ?? [],
    known: previous?.snapshot.codePoints ?? source?.vocabulary.codePoints ?? [],
  });
  void events.corpus.asEvent(data.summary);
  const tensorflow = await loadTensorFlow();
  if (tensorflow.warning !== null) logger.warn(tensorflow.warning);
  const choice = await configure(tensorflow, asked, data.summary, logger);
  const training = choice.configuration;
  const run = previous?.configuration.run ?? newIdentifier(await listIdentifiers(paths.runs(request.out)));
  const write = (): Promise<void> => writeRun(request, { run, corpus: files, training }, data);
  await write();
  const recorder = createRecorder(request, run, data, write, context);
  const resumeFrom = previous?.snapshot ?? null;
  await recorder.start(resumeFrom?.step ?? 0, choice);
  const power = request.pauseOnBattery ? await watchPower(logger) : undefined;
  const outcome = await trainModel(tensorflow, training, data, {
    resumeFrom,
    from: source,
    startedAtMs,
    signal,
    hooks: recorder.hooks,
    logger,
    replicas: await replicasFor(threads, training.batch),
    interventions: {
      pauseReason: () => (power?.onBattery() === true ? 'Paused: the machine runs on its battery.' : null),
      takeReplicas: () => {
        const wanted = context.takeThreads();
        return wanted === null ? null : replicasFor(wanted, training.batch);
      },
    },
  });
  power?.stop();
  const { steps, reason, validation, test } = outcome;
  const model = await recorder.export(outcome.weights, { step: steps, validation, test });
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { model, run, seconds, steps, validation, test, baselines: data.baselines, reason };
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
  requireCharacters(characters, training.minimumCharacters);
  return prepareData(texts, training, previous);
}

async function replicasFor(threads: number, batch: number): Promise<ReplicaOptions> {
  return { entry: replicaEntry, count: await replicaCount(threads, batch) };
}

/** Chooses what the request leaves open, and says why. */
async function configure(
  tensorflow: LoadedTensorFlow,
  asked: AskedTraining,
  { trainCharacters, vocabulary }: CorpusSummary,
  logger: Logger,
): Promise<Choice> {
  const busyStreams = leastStreams * (await replicaCount(asked.threads, largestBatch));
  const batch = Math.min(asked.batch ?? suitableBatch(busyStreams), largestBatch);
  const replicas = await replicasFor(asked.threads, batch);
  const own = Math.ceil(batch / replicas.count);
  const faster = needsPrecision(asked) ? fasterPrecision(tensorflow, asked, vocabulary, own) : 'float32';
  const probed = { ...asked, batch, precision: asked.precision ?? faster };
  const choice = chooseConfiguration(asked, {
    trainingCharacters: trainCharacters,
    vocabularySize: vocabulary,
    busyStreams,
    operationsPerSecond: needsSpeed(asked) ? await measureSpeed(tensorflow, probed, vocabulary, replicas) : null,
    fasterPrecision: faster,
  });
  for (const reason of choice.reasons) logger.info(`Chosen: ${reason}.`);
  return choice;
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
  throw new UserError(`There is no training to go on with in ${out}.`, 'Train without resuming first.');
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
