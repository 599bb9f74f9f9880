import type { AskedTraining } from '../core/configuration';
import type { CorpusSummary } from '../protocol/trainer';
import {
  chooseConfiguration,
  largestBatch,
  needsPrecision,
  needsSpeed,
  suitableBatch,
  type Choice,
} from '../training/plan/autoConfiguration';
import { fasterPrecision, measureSpeed } from '../training/probing/speedProbe';
import type { SourceModel } from '../training/state/initialWeights';
import type { LoadedTensorFlow } from '../training/tensorflow/tensorflow';
import type { Beginning } from './beginning';
import { leastStreams, replicaCount, replicasFor } from './replicaCount';
import type { RunContext } from './runContext';
import { sourceHelps } from './sourceTrial';
import type { PreparedData } from './trainingData';

/** What a training starts from, and its configuration. */
export interface Start {
  /** Null: random weights, or those of the run that is gone on with. */
  readonly source: SourceModel | null;
  readonly choice: Choice;
}

/**
 * Chooses the configuration, and whether the training starts from the model that is offered.
 * @param mustStart whether it starts from that model though its text is of another kind
 */
export async function chooseStart(
  tensorflow: LoadedTensorFlow,
  { asked, offered }: Pick<Beginning, 'asked' | 'offered'>,
  mustStart: boolean,
  data: PreparedData,
  context: RunContext,
): Promise<Start> {
  const { events, logger } = context;
  const configured = (source: SourceModel | null): Promise<Choice> => {
    const wanted = source === null ? asked : { ...asked, model: source.weights.model };
    return configure(tensorflow, wanted, data.summary, source !== null, context.signal);
  };
  let [source, choice] = [offered, await configured(offered)];
  if (source !== null && !mustStart && !(await sourceHelps(tensorflow, choice.configuration, data, source, context))) {
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
