import { describe, expect, it } from 'vitest';
import {
  logSumExp,
  otherNats,
  qualityOf,
  surpriseNats,
  unigramBaseline,
  uniformBaseline,
} from '../../src/text/metrics';
import { createRandom } from '../../src/core/random';
import { createVocabulary, encode, firstCodePointToken, otherToken, outsideCount } from '../../src/text/vocabulary';

const vocabulary = createVocabulary(Array.from('abcdef', (character) => character.codePointAt(0)!));

function randomLogits(seed: number, scale: number, length: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => scale * random.normal());
}

describe('surprise', () => {
  it.each([0, 1, 10, 100])('is that of a distribution over all text, whatever the logits (scale %d)', (scale) => {
    const logits = randomLogits(scale + 1, scale, 3 * vocabulary.size);
    const offset = vocabulary.size;
    let sum = 0;
    for (let token = firstCodePointToken; token < vocabulary.size; token++) {
      sum += Math.exp(-surpriseNats(vocabulary, logits, offset, token));
    }
    sum += outsideCount(vocabulary) * Math.exp(-surpriseNats(vocabulary, logits, offset, otherToken));
    expect(sum).toBeCloseTo(1, 9);
  });

  it('does not depend on the markers nor on a constant added to all logits', () => {
    const logits = randomLogits(3, 2, vocabulary.size);
    const before = surpriseNats(vocabulary, logits, 0, 4);
    const changed = logits.map((logit, token) => (token < otherToken ? 1e6 : logit + 16));
    expect(surpriseNats(vocabulary, changed, 0, 4)).toBeCloseTo(before, 5);
  });

  it('stays finite for logits of any size', () => {
    expect(logSumExp(Float32Array.from([0, 0, 3e38, 3e38]), 0, 4)).toBeCloseTo(3e38 + Math.LN2, -32);
    expect(logSumExp(Float32Array.from([0, 0, -1e30, 0]), 0, 4)).toBe(0);
  });

  it('shares the other-token among all code points outside', () => {
    expect(otherNats(vocabulary, otherToken)).toBeCloseTo(Math.log(1_112_064 - 6), 12);
    expect(otherNats(vocabulary, firstCodePointToken)).toBe(0);
  });
});

describe('quality', () => {
  it('is 8 for perplexity where each character costs three bits', () => {
    const quality = qualityOf(3 * Math.LN2);
    expect(quality.bitsPerCharacter).toBeCloseTo(3, 12);
    expect(quality.perplexity).toBeCloseTo(8, 12);
  });

  it('has the size of the vocabulary as its uniform baseline', () => {
    expect(uniformBaseline(vocabulary).perplexity).toBeCloseTo(vocabulary.size, 9);
  });

  it('counts by hand as the unigram baseline does', () => {
    // Training: a 3, b 1, other 1; plus one each over 7 tokens (a-f, other): 12 in all.
    const training = [encode(vocabulary, 'aab'), encode(vocabulary, 'aX')];
    const validation = [encode(vocabulary, 'ab'), encode(vocabulary, 'cY')];
    const outside = 1_112_064 - 6;
    const expected = -(Math.log(4 / 12) + Math.log(2 / 12) + Math.log(1 / 12) + Math.log(2 / 12 / outside)) / 4;
    expect(unigramBaseline(vocabulary, training, validation).nats).toBeCloseTo(expected, 9);
  });
});
