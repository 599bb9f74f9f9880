import { otherToken, scalarOf, tokenOf, type Vocabulary } from './vocabulary';
import type { Tokens } from './tokens';

/** Where a text lies in a {@link TextStore}: its characters from `start` to before `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Texts one after the other in two bytes a character, before it is known which characters a vocabulary has. */
export interface TextStore {
  /** Characters are code points. */
  add(text: string): TextRange;
  /** How often each code point stands in the ranges. */
  count(ranges: Iterable<TextRange>): Map<number, number>;
  /** Writes the tokens of a range into `tokens` from `offset` on. */
  encode(vocabulary: Vocabulary, range: TextRange, tokens: Tokens, offset: number): void;
}

/** Characters of a block: memory is taken block by block, so that nothing is ever copied to grow. */
const blockLength = 1 << 20;

/** Numbers below this one stand for a code point of the alphabet; it stands for all that came when that was full. */
const beyondAlphabet = 0xffff;

/**
 * Every code point gets the number of its first appearance. A corpus with more than 65,535 different ones (Unicode has
 * more) tells no longer apart those that came later.
 */
export function createTextStore(): TextStore {
  const blocks: Uint16Array[] = [];
  const alphabet: number[] = [];
  const numbers = new Map<number, number>();
  let length = 0;
  const numberOf = (codePoint: number): number => {
    const known = numbers.get(codePoint);
    if (known !== undefined) return known;
    if (alphabet.length === beyondAlphabet) return beyondAlphabet;
    numbers.set(codePoint, alphabet.length);
    return alphabet.push(codePoint) - 1;
  };
  const add = (text: string): TextRange => {
    const start = length;
    for (const character of text) {
      if (length % blockLength === 0) blocks.push(new Uint16Array(blockLength));
      blocks.at(-1)![length++ % blockLength] = numberOf(scalarOf(character.codePointAt(0)!));
    }
    return { start, end: length };
  };
  const at = (place: number): number => blocks[Math.floor(place / blockLength)]![place % blockLength]!;
  let latest: { vocabulary: Vocabulary; tokens: Int32Array } | undefined;
  /** The token of each number. */
  const tokensFor = (vocabulary: Vocabulary): Int32Array => {
    if (latest?.vocabulary !== vocabulary) {
      const tokens = Int32Array.from({ length: beyondAlphabet + 1 }, (_, number) =>
        number < alphabet.length ? tokenOf(vocabulary, alphabet[number]!) : otherToken,
      );
      latest = { vocabulary, tokens };
    }
    return latest.tokens;
  };
  return {
    add,
    count: (ranges) => {
      const counts = new Float64Array(beyondAlphabet + 1);
      for (const { start, end } of ranges) for (let place = start; place < end; place++) counts[at(place)]! += 1;
      const seen = alphabet.map((codePoint, number): [number, number] => [codePoint, counts[number]!]);
      return new Map(seen.filter(([, count]) => count > 0));
    },
    encode: (vocabulary, { start, end }, tokens, offset) => {
      const own = tokensFor(vocabulary);
      for (let place = start; place < end; place++) tokens[offset + place - start] = own[at(place)]!;
    },
  };
}
