import type { TrainingConfiguration } from '../core/configuration';
import type { Logger } from '../core/logger';
import { noInterventions } from '../training/loop/interventions';
import { trainModel, type TrainingHooks } from '../training/loop/trainingLoop';
import { createLocalMeasurer } from '../training/measuring/measuring';
import { createValidator } from '../training/loop/validator';
import { chooseGradient } from '../training/choice/gradientChoice';
import { growWeights } from '../training/state/growWeights';
import type { SourceModel } from '../training/state/initialWeights';
import type { LoadedTensorFlow } from '../training/tensorflow/tensorflow';
import { lengthOfText, type PreparedData } from './trainingData';

/** Steps of each of the two short trainings. */
const trialSteps = 40;
/** Characters of held-out text that they are compared on, at least. */
const trialCharacters = 20_000;

const silentHooks: TrainingHooks = {
  progress: () => undefined,
  validation: () => undefined,
  best: () => Promise.resolve(),
  checkpoint: () => Promise.resolve(),
  paused: () => undefined,
};

/**
 * Whether a training does better from a model's weights than from random ones: a model that knows the held-out text better
 * than its characters' frequencies do has read something like it. Where it does not, a few steps from both tell.
 * @param training of the model's shape
 */
export async function sourceHelps(
  tensorflow: LoadedTensorFlow,
  training: TrainingConfiguration,
  data: PreparedData,
  source: SourceModel,
  context: { readonly logger: Logger; readonly signal: AbortSignal },
): Promise<boolean> {
  const { weights, vocabulary } = source;
  const gradient = chooseGradient(tensorflow, training, data.vocabulary.size, context.logger);
  const measurer = createLocalMeasurer(gradient, training.model);
  const validator = createValidator(measurer, training, data, tensorflow.backend === 'tensorflow');
  const untrained = await validator.sample(growWeights(weights, vocabulary, data.vocabulary), 0);
  if (untrained.quality.nats < data.baselines.unigram.nats) return true;
  const trial = { ...training, budget: { steps: trialSteps } };
  const part = { ...data, validation: firstDocuments(data.validation), test: [] };
  const natsFrom = async (from: SourceModel | null): Promise<number> => {
    const outcome = await trainModel(tensorflow, trial, part, {
      ...{ resumeFrom: null, from, hooks: silentHooks, replicas: null, startedAtMs: performance.now(), ...context },
      interventions: noInterventions,
    });
    return outcome.validation.nats;
  };
  return (await natsFrom(source)) < (await natsFrom(null));
}

function firstDocuments(documents: PreparedData['validation']): PreparedData['validation'] {
  let characters = 0;
  const enough = documents.findIndex((document) => (characters += lengthOfText(document)) >= trialCharacters);
  return enough < 0 ? documents : documents.slice(0, enough + 1);
}
