import { expect, it } from 'vitest';
import { silentLogger } from '../../src/core/logger';
import { unigramBaseline, uniformBaseline } from '../../src/text/metrics';
import { sourceHelps } from '../../src/trainer/sourceTrial';
import type { PreparedData } from '../../src/trainer/trainingData';
import { trainModel } from '../../src/training/loop/trainingLoop';
import { createWeights } from '../../src/training/state/initialWeights';
import { loadTensorFlow } from '../../src/training/tensorflow/tensorflow';
import { recordingOptions, smallConfiguration, smallData } from '../training/smallTraining';

const tensorflow = await loadTensorFlow();
const context = { logger: silentLogger, signal: new AbortController().signal };

function preparedData(): PreparedData {
  const data = smallData();
  const texts = (documents: PreparedData['validation']) =>
    documents.map(({ tokens, headerLength }) => tokens.subarray(headerLength));
  const unigram = unigramBaseline(data.vocabulary, data.training.slice(), texts(data.validation));
  const summary = { files: 13, characters: 0, vocabulary: 0, trainCharacters: 0, validationCharacters: 0 };
  return {
    ...data,
    split: [],
    ...{ characters: [], heldOutPaths: { validation: [], test: [] }, leftOutPaths: {} },
    summary: { ...summary, testCharacters: 0, leftOut: {} },
    validationInUse: [],
    baselines: { uniform: uniformBaseline(data.vocabulary), unigram },
  };
}

it('takes a model that has read such text', async () => {
  const data = preparedData();
  const { weights } = await trainModel(tensorflow, smallConfiguration(), data, recordingOptions().options);
  const source = { weights, vocabulary: data.vocabulary };
  expect(await sourceHelps(tensorflow, smallConfiguration(), data, source, context)).toBe(true);
});

it('takes random weights where the model is in the way', async () => {
  const data = preparedData();
  const { model } = smallConfiguration();
  const random = createWeights(model, data.vocabulary.size, 'default', 3);
  // Every unit is saturated: hardly a gradient gets through.
  const weights = { ...random, values: random.values.map((value) => 300 * value) };
  const source = { weights, vocabulary: data.vocabulary };
  expect(await sourceHelps(tensorflow, smallConfiguration(), data, source, context)).toBe(false);
});
