import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import type { EncodedDocument } from '../../../src/text/encodedDocument';
import { surpriseNats } from '../../../src/text/metrics';
import { createRandom } from '../../../src/core/random';
import { createVocabulary, endOfHeader, startOfFile } from '../../../src/text/vocabulary';
import type { Weights } from '../../../src/core/parameters';
import { zeroState, type Forward } from '../../../src/training/gradient/gradient';
import { createWeights } from '../../../src/training/state/initialWeights';
import {
  createLocalMeasurer,
  dealPieces,
  measureDocuments,
  measureWeights,
  measuringCost,
  type Measurer,
} from '../../../src/training/measuring/measuring';
import { allPieces, countedCharacters, piecesOf, samplePieces } from '../../../src/training/measuring/pieces';
import { createPortableGradient } from '../../../src/training/gradient/portable/portableGradient';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const vocabulary = createVocabulary(Array.from({ length: 20 }, (_, index) => 97 + index));
const model: ModelConfiguration = { cell: 'lstm', hidden: 8, layers: 2, embedding: 0 };
let forward: Forward;
let measurer: Measurer;
let weights: Weights;

beforeAll(async () => {
  const { tf } = await loadTensorFlow();
  const drawn = createWeights(model, vocabulary.size, 'default', 3);
  // Enlarged, so that what stands before matters.
  weights = { ...drawn, values: drawn.values.map((value) => 3 * value) };
  const gradient = createPortableGradient(tf, model, vocabulary.size, 0);
  forward = gradient.forward(weights.values);
  measurer = createLocalMeasurer(gradient, model);
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
    const { nats, perplexity, bitsPerCharacter } = await measureWeights(
      measurer,
      weights,
      vocabulary,
      allPieces(measured),
    );
    expect(nats).toBeCloseTo(expectedNats(measured), 4);
    expect(perplexity).toBeCloseTo(Math.exp(nats), 6);
    expect(bitsPerCharacter).toBeCloseTo(nats / Math.LN2, 6);
  });

  it('gives that for a long document too, though it is read in pieces', async () => {
    const measured = documents([13_000, 40]);
    const pieces = allPieces(measured);
    expect(pieces.length).toBeGreaterThan(2);
    expect(countedCharacters(pieces)).toBe(13_040);
    const { nats } = await measureWeights(measurer, weights, vocabulary, pieces);
    expect(nats).toBeCloseTo(expectedNats(measured), 4);
  });
});

it('tells what each document is worth, of an empty one nothing', async () => {
  const measured = documents([70, 0, 200]);
  const { quality, documentNats } = await measureDocuments(measurer, weights, vocabulary, measured.map(piecesOf));
  expect(documentNats[0]).toBeCloseTo(expectedNats([measured[0]!]), 4);
  expect(documentNats[1]).toBeNaN();
  expect(documentNats[2]).toBeCloseTo(expectedNats([measured[2]!]), 4);
  expect(quality.nats).toBeCloseTo(expectedNats(measured), 4);
});

it('gives up between two chunks where nobody waits for it any more', async () => {
  const { tf } = await loadTensorFlow();
  const controller = new AbortController();
  const gradient = createPortableGradient(tf, model, vocabulary.size, 0);
  const measured = createLocalMeasurer(gradient, model, controller.signal).measureEach(
    weights.values,
    allPieces(documents([5_000])),
  );
  controller.abort(new Error('enough'));
  await expect(measured).rejects.toThrow('enough');
});

describe('shares of pieces', () => {
  const pieces = allPieces(documents([700, 3_000, 20, 513, 40, 9_000, 1]));

  it.each([1, 2, 3, 20])('hold each piece once, in %d', (count) => {
    const shares = dealPieces(pieces, count);
    expect(shares).toHaveLength(count);
    expect(new Set(shares.flat())).toEqual(new Set(pieces));
    expect(shares.flat()).toHaveLength(pieces.length);
  });

  it('cost less each than the whole', () => {
    expect(measuringCost(pieces, 2)).toBeLessThan(measuringCost(pieces, 1));
    expect(measuringCost([], 2)).toBe(0);
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
    expect(measuringCost(samplePieces(measured, 3, 1), 1)).toBeLessThan(measuringCost(allPieces(measured), 1));
  });
});
