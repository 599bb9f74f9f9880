import type { InitialWeights, ModelConfiguration, TrainingConfiguration } from '../../core/configuration';
import { gates, layoutOf, parameterNames, valuesOf, type Weights } from '../../core/parameters';
import { createRandom, type Random } from '../../core/random';
import type { Vocabulary } from '../../text/vocabulary';
import { growWeights } from './growWeights';

/** A trained model whose weights another training starts from. */
export interface SourceModel {
  readonly weights: Weights;
  readonly vocabulary: Vocabulary;
}

/** What a training begins with: a trained model's weights, its vocabulary grown to that of the corpus, or random ones. */
export function startingWeights(
  { model, initialWeights, seed }: TrainingConfiguration,
  vocabulary: Vocabulary,
  source: SourceModel | null,
): Weights {
  if (source === null) return createWeights(model, vocabulary.size, initialWeights, seed);
  return growWeights(source.weights, source.vocabulary, vocabulary);
}

/** Standard deviation of the classic weights. */
const classicDeviation = 0.01;

/**
 * 'default': uniform in ±1/√hidden (what PyTorch draws recurrent layers from), the embedding from N(0, 1) (likewise), and
 * the LSTM's forget bias 1 (Jozefowicz et al. 2015). 'classic': N(0, 0.01²) with zero biases.
 */
export function createWeights(
  model: ModelConfiguration,
  vocabularySize: number,
  kind: InitialWeights,
  seed: number,
): Weights {
  const layout = layoutOf(model, vocabularySize);
  const values = new Float32Array(layout.length);
  const random = createRandom(seed);
  for (const { name, shape, offset, size } of layout.parameters) {
    const draw = distribution(model, kind, name, shape.length === 1, random);
    for (let index = offset; index < offset + size; index++) values[index] = draw();
  }
  if (kind === 'default' && model.cell === 'lstm') {
    for (let layer = 0; layer < model.layers; layer++)
      openForgetGate(model, valuesOf(layout, values, parameterNames.bias(layer)));
  }
  return { model, vocabularySize, layout, values };
}

function distribution(
  { hidden }: ModelConfiguration,
  kind: InitialWeights,
  name: string,
  isBias: boolean,
  random: Random,
): () => number {
  if (kind === 'classic') return isBias ? () => 0 : () => classicDeviation * random.normal();
  if (name === parameterNames.embedding) return () => random.normal();
  const bound = 1 / Math.sqrt(hidden);
  return () => bound * (2 * random.uniform() - 1);
}

function openForgetGate({ hidden }: ModelConfiguration, bias: Float32Array): void {
  const start = gates.lstm.indexOf('forget') * hidden;
  bias.fill(1, start, start + hidden);
}
