import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import type { EncodedDocument } from '../../../src/text/encodedDocument';
import { surpriseNats } from '../../../src/text/metrics';
import { createRandom } from '../../../src/core/random';
import { createVocabulary, endOfHeader, startOfFile } from '../../../src/text/vocabulary';
import { zeroState, type Forward } from '../../../src/training/gradient/gradient';
import { createWeights } from '../../../src/training/state/initialWeights';
import { measure, measuringCost } from '../../../src/training/loop/measuring';
import { allPieces, countedCharacters, samplePieces } from '../../../src/training/loop/pieces';
import { createPortableGradient } from '../../../src/training/gradient/portable/portableGradient';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const vocabulary = createVocabulary(Array.from({ length: 20 }, (_, index) => 97 + index));
const model: ModelConfiguration = { cell: 'lstm', hidden: 8, layers: 2, embedding: 0 };
let forward: Forward;

beforeAll(async () => {
  const { tf } = await loadTensorFlow();
  const weights = createWeights(model, vocabulary.size, 'default', 3);
  // Enlarged, so that what stands before matters.
  forward = createPortableGradient(tf, model, vocabulary.size, 0).forward(weights.values.map((value) => 3 * value));
});

function documents(lengths: readonly number[]): EncodedDocument[] {
  const random = createRandom(11);
  return lengths.map((length) => {
    const header = [startOfFile, ...Array.from({ length: 5 }, () => 3 + random.integer(20)), endOfHeader];
    const text = Array.from({ length }, () => 2 + random.integer(21));
    return { tokens: Int32Array.from([...header, ...text]), headerLength: header.length };
  });
}

/** Each document alone, from the zero state, position by position. */
function expectedNats(measured: readonly EncodedDocument[]): number {
  let [nats, characters] = [0, 0];
  for (const { tokens, headerLength } of measured) {
    const ids = Int32Array.from(tokens.subarray(0, -1));
    const { logits } = forward.logits({ steps: ids.length, batch: 1, ids, targets: ids }, zeroState(model, 1));
    for (let place = headerLength; place < tokens.length; place++) {
      nats += surpriseNats(vocabulary, logits, (place - 1) * vocabulary.size, tokens[place]!);
      characters += 1;
    }
  }
  return nats / characters;
}

describe('measuring documents side by side', () => {
  it.each([
    [[1]],
    [[64, 57, 58]],
    [[300, 5, 120, 63, 64, 65, 1]],
    [Array.from({ length: 150 }, (_, index) => 1 + (index % 90))],
  ])('gives what each gives alone, headers fed and not counted: %j', async (lengths) => {
    const measured = documents(lengths);
    const { nats, perplexity, bitsPerCharacter } = await measure(forward, model, vocabulary, allPieces(measured));
    expect(nats).toBeCloseTo(expectedNats(measured), 4);
    expect(perplexity).toBeCloseTo(Math.exp(nats), 6);
    expect(bitsPerCharacter).toBeCloseTo(nats / Math.LN2, 6);
  });

  it('gives that for a long document too, though it is read in pieces', async () => {
    const measured = documents([13_000, 40]);
    const pieces = allPieces(measured);
    expect(pieces.length).toBeGreaterThan(2);
    expect(countedCharacters(pieces)).toBe(13_040);
    const { nats } = await measure(forward, model, vocabulary, pieces);
    expect(nats).toBeCloseTo(expectedNats(measured), 4);
  });
});

describe('the sample', () => {
  const measured = documents([700, 3000, 20, 0, 513]);

  it('is the same at every call, and another one for another seed', () => {
    expect(samplePieces(measured, 3, 1)).toEqual(samplePieces(measured, 3, 1));
    expect(samplePieces(measured, 3, 1)).not.toEqual(samplePieces(measured, 3, 2));
    expect(samplePieces(measured, 3, 1)).toHaveLength(3);
  });

  it('counts every character once where it covers everything', () => {
    expect(countedCharacters(samplePieces(measured, 1000, 1))).toBe(4233);
  });

  it('costs less than the whole', () => {
    expect(measuringCost(samplePieces(measured, 3, 1))).toBeLessThan(measuringCost(allPieces(measured)));
  });
});
