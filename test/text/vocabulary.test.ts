import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import {
  buildVocabulary,
  createVocabulary,
  decode,
  encode,
  encodeDocument,
  encodeHeader,
  endOfHeader,
  firstCodePointToken,
  otherToken,
  outsideCount,
  startOfFile,
  tokenOf,
  tokenText,
} from '../../src/text/vocabulary';

const codePoint = (character: string): number => character.codePointAt(0)!;

describe('vocabulary', () => {
  it('holds what is seen at least twice, in ascending order', () => {
    const vocabulary = buildVocabulary(['bab', 'c😀', '😀d'], 100);
    expect(vocabulary.codePoints).toEqual(['b', '😀'].map(codePoint));
    expect(vocabulary.size).toBe(2 + firstCodePointToken);
  });

  it('holds the most frequent where there are too many, lower code points first where they tie', () => {
    expect(buildVocabulary(['cccbbbaadd'], 3).codePoints).toEqual(['a', 'b', 'c'].map(codePoint));
  });

  it('numbers tokens from the third on and gives every other code point one token', () => {
    const vocabulary = createVocabulary(['c', 'a', 'a'].map(codePoint));
    expect([...encode(vocabulary, 'acb😀')]).toEqual([3, 4, otherToken, otherToken]);
    expect(tokenOf(vocabulary, codePoint('c'))).toBe(4);
    expect(decode(vocabulary, [startOfFile, 3, endOfHeader, otherToken, 4])).toBe('a\uFFFDc');
    expect(tokenText(vocabulary, 99)).toBe('');
  });

  it('decodes what it encoded, whatever the text', () => {
    const random = createRandom(7);
    const alphabet = Array.from('abc \n\t{}é文😀𝔘\u{10FFFF}\0');
    const vocabulary = createVocabulary(alphabet.map(codePoint));
    for (let round = 0; round < 200; round++) {
      const characters = Array.from({ length: random.integer(50) }, () => alphabet[random.integer(alphabet.length)]!);
      const tokens = encode(vocabulary, characters.join(''));
      expect(tokens).toHaveLength(characters.length);
      expect(decode(vocabulary, tokens)).toBe(characters.join(''));
    }
  });

  it('reads lone surrogates as the replacement character', () => {
    const vocabulary = buildVocabulary(['\uD800\uDC00 \uD800 \uDC00 \uD800'], 100);
    expect(vocabulary.codePoints).toEqual([0x20, 0xfffd]);
    expect(decode(vocabulary, encode(vocabulary, '\uDFFF'))).toBe('\uFFFD');
  });

  it('puts start of file, path and end of header before a text', () => {
    const vocabulary = createVocabulary(Array.from('a.b', codePoint));
    const header = [startOfFile, ...encode(vocabulary, 'b.a'), endOfHeader];
    expect([...encodeHeader(vocabulary, 'b.a')]).toEqual(header);
    expect([...encodeDocument(vocabulary, 'b.a', 'ab')]).toEqual([...header, ...encode(vocabulary, 'ab')]);
  });

  it('counts the 1,112,064 Unicode scalar values, without its own, as outside', () => {
    expect(outsideCount(createVocabulary([]))).toBe(1_112_064);
    expect(outsideCount(createVocabulary([0x61, 0x10ffff]))).toBe(1_112_062);
  });
});
