import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { createTextStore } from '../../src/text/textStore';
import { createTokens } from '../../src/text/tokens';
import { buildVocabulary, createVocabulary, encode, otherToken, vocabularyOfCounts } from '../../src/text/vocabulary';

const random = createRandom(1);
const alphabet = Array.from('abc\n😀é漢\uD800');
const textOf = (length: number): string =>
  Array.from({ length }, () => alphabet[random.integer(alphabet.length)]!).join('');
const texts = [textOf(10), '', textOf(1_100_000), textOf(3), textOf(1_000_000)];

describe('a store of texts', () => {
  const store = createTextStore();
  const ranges = texts.map((text) => store.add(text));

  it('counts the characters of some of them', () => {
    for (const chosen of [[0, 3], [1], [0, 1, 2, 3, 4]]) {
      const counts = store.count(chosen.map((index) => ranges[index]!));
      const own = chosen.map((index) => texts[index]!);
      expect(vocabularyOfCounts(counts, 5)).toEqual(buildVocabulary(own, 5));
    }
  });

  it('gives each back in tokens of any vocabulary', () => {
    for (const vocabulary of [buildVocabulary(texts, 4), buildVocabulary(texts, 100), createVocabulary([97])]) {
      texts.forEach((text, index) => {
        const { start, end } = ranges[index]!;
        const tokens = createTokens(vocabulary.size, end - start + 7);
        store.encode(vocabulary, { start, end }, tokens, 7);
        expect(Buffer.compare(Buffer.from(tokens.subarray(7)), Buffer.from(encode(vocabulary, text)))).toBe(0);
      });
    }
  });

  it('takes code points beyond the 65,535th different one for others', () => {
    const large = createTextStore();
    const codePoints = Array.from({ length: 70_000 }, (_, index) => 0x10000 + index);
    const range = large.add(String.fromCodePoint(...codePoints.slice(0, 65_535)));
    const late = large.add(String.fromCodePoint(...codePoints.slice(65_535)));
    const vocabulary = createVocabulary(codePoints);
    const tokens = createTokens(vocabulary.size, 65_535);
    large.encode(vocabulary, range, tokens, 0);
    expect(tokens).toEqual(encode(vocabulary, String.fromCodePoint(...codePoints.slice(0, 65_535))));
    large.encode(vocabulary, late, tokens, 0);
    expect(tokens.subarray(0, 4_465).every((token) => token === otherToken)).toBe(true);
  });
});

it.each([
  [3, 1],
  [256, 1],
  [257, 2],
  [65_536, 2],
  [65_537, 4],
])('tokens of a vocabulary of %d take %d bytes each, on shared memory', (size, bytes) => {
  const tokens = createTokens(size, 5);
  expect(tokens.BYTES_PER_ELEMENT).toBe(bytes);
  expect(tokens.buffer).toBeInstanceOf(SharedArrayBuffer);
  tokens[0] = size - 1;
  expect(tokens[0]).toBe(size - 1);
});
