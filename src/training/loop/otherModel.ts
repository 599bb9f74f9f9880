import type { TrainingConfiguration } from '../../core/configuration';
import type { EncodedDocument } from '../../text/encodedDocument';
import { silentLogger } from '../../core/logger';
import type { Quality } from '../../text/metrics';
import { chooseGradient } from '../choice/gradientChoice';
import type { SourceModel } from '../state/initialWeights';
import type { LoadedTensorFlow } from '../tensorflow/tensorflow';
import { createLocalMeasurer, measureWeights } from '../measuring/measuring';
import { validationSample } from './validator';

/**
 * What another model has on the sample that the best weights of a training are chosen by.
 * @param validation the training's validation part, in the vocabulary of that model
 * @throws what the signal is aborted with
 */
export async function measureOtherModel(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  { weights, vocabulary }: SourceModel,
  validation: readonly EncodedDocument[],
  signal?: AbortSignal,
): Promise<Quality> {
  const settings = { ...configuration, model: weights.model, dropout: 0 };
  const gradient = chooseGradient(tensorflow, settings, vocabulary.size, silentLogger);
  const sample = validationSample(validation, configuration.seed, tensorflow.backend === 'tensorflow');
  return measureWeights(createLocalMeasurer(gradient, weights.model, signal), weights, vocabulary, sample);
}
