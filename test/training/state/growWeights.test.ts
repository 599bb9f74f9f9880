import { describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import { createVocabulary, otherToken, tokenOf, type Vocabulary } from '../../../src/text/vocabulary';
import type { Weights } from '../../../src/core/parameters';
import { createWeights } from '../../../src/training/state/initialWeights';
import { growValues, growWeights } from '../../../src/training/state/growWeights';
import { zeroState } from '../../../src/training/gradient/gradient';
import { createPortableGradient } from '../../../src/training/gradient/portable/portableGradient';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const codePoints = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);
const from = createVocabulary(codePoints('bdfh'));
const to = createVocabulary(codePoints('abcdefghé'));
const models: ModelConfiguration[] = [
  { cell: 'lstm', hidden: 5, layers: 2, embedding: 3 },
  { cell: 'gru', hidden: 5, layers: 1, embedding: 0 },
];

/** Logits [steps, vocabulary] after each character of a text. */
async function logitsOf(
  { model, vocabularySize, values }: Weights,
  vocabulary: Vocabulary,
  text: string,
): Promise<Float32Array> {
  const { tf } = await loadTensorFlow();
  const forward = createPortableGradient(tf, model, vocabularySize, 0).forward(values);
  const ids = Int32Array.from(codePoints(text), (codePoint) => tokenOf(vocabulary, codePoint));
  const { logits } = forward.logits({ steps: ids.length, batch: 1, ids, targets: ids }, zeroState(model, 1));
  forward.dispose();
  return logits;
}

describe.each(models)('a vocabulary that has grown, %o', (model) => {
  const weights = createWeights(model, from.size, 'default', 1);

  it('leaves the logits of what was known, and gives new characters those of other', async () => {
    const before = await logitsOf(weights, from, 'bdfh');
    const after = await logitsOf(growWeights(weights, from, to), to, 'bdfh');
    for (let step = 0; step < 4; step++) {
      for (const codePoint of to.codePoints) {
        const known = from.codePoints.includes(codePoint) ? tokenOf(from, codePoint) : otherToken;
        expect(after[step * to.size + tokenOf(to, codePoint)]).toBeCloseTo(before[step * from.size + known]!, 5);
      }
    }
  });

  it('reads a new character as other', async () => {
    const before = await logitsOf(weights, from, 'b?d');
    const after = await logitsOf(growWeights(weights, from, to), to, 'bcd');
    expect(after[2 * to.size + tokenOf(to, 100)]).toBeCloseTo(before[2 * from.size + tokenOf(from, 100)]!, 5);
  });

  it('starts the moments of new characters at zero and keeps all others', () => {
    const ones = new Float32Array(weights.layout.length).fill(1);
    const grown = growValues(model, ones, from, to, 'zeros');
    const used = weights.layout.parameters.reduce((sum, { size }) => sum + size, 0);
    expect(grown.reduce((sum, value) => sum + value, 0)).toBe(used);
  });

  it('gives the same weights back where nothing is new', () => {
    expect(growWeights(weights, from, from).values).toEqual(weights.values);
  });
});
