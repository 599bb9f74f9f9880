import type { ModelConfiguration } from '../../src/core/configuration';
import { layoutOf, type Weights } from '../../src/core/parameters';
import { createRandom } from '../../src/core/random';
import { createVocabulary, firstCodePointToken, type Vocabulary } from '../../src/text/vocabulary';

/** Every cell, one and two layers, with and without an embedding. */
export const shapes: readonly ModelConfiguration[] = (['lstm', 'gru', 'rnn'] as const).flatMap((cell) =>
  [1, 2].flatMap((layers) => [0, 5].map((embedding) => ({ cell, hidden: 12, layers, embedding }))),
);

export const shapeName = ({ cell, layers, embedding }: ModelConfiguration): string =>
  `${cell}, ${layers} layer(s), embedding ${embedding}`;

/** Weights from a normal distribution, large enough that every gate moves. */
export function randomWeights(model: ModelConfiguration, vocabularySize: number, seed = 7): Weights {
  const layout = layoutOf(model, vocabularySize);
  const random = createRandom(seed);
  const values = new Float32Array(layout.length).map(() => 0.4 * random.normal());
  return { model, vocabularySize, layout, values };
}

/** Tokens for `\n`, space and the ASCII characters after it. */
export function asciiVocabulary(size: number): Vocabulary {
  return createVocabulary([10, ...Array.from({ length: size - firstCodePointToken - 1 }, (_, index) => 32 + index)]);
}
