/** Token of the start of a file. */
export const startOfFile = 0;
/** Token of the end of the path header. */
export const endOfHeader = 1;
/** Token of every code point outside the vocabulary. */
export const otherToken = 2;
/** Tokens below this one are not code points of the vocabulary. */
export const firstCodePointToken = 3;

/** Unicode scalar values: all code points but the surrogates. */
const scalarValues = 0x110000 - 0x800;

/** A code point must be seen this often in the training part to get a token of its own. */
const minimumCount = 2;

/** The tokens of a model: two markers, 'other', then code points in ascending order. */
export interface Vocabulary {
  /** Code points with a token of their own, ascending; token = index + {@link firstCodePointToken}. */
  readonly codePoints: readonly number[];
  /** Number of tokens, markers and 'other' included. */
  readonly size: number;
}

/** @param codePoints distinct code points in any order */
export function createVocabulary(codePoints: Iterable<number>): Vocabulary {
  const sorted = [...new Set(codePoints)].sort((a, b) => a - b);
  return { codePoints: sorted, size: sorted.length + firstCodePointToken };
}

/** The code points seen at least twice in the texts, the `maxCodePoints` most frequent at most. */
export function buildVocabulary(texts: Iterable<string>, maxCodePoints: number): Vocabulary {
  const counts = new Map<number, number>();
  for (const text of texts) countCharacters(text, counts);
  return vocabularyOfCounts(counts, maxCodePoints);
}

/** Adds up how often each code point stands in a text. */
export function countCharacters(text: string, counts: Map<number, number>): void {
  for (const character of text) {
    const codePoint = scalarOf(character.codePointAt(0)!);
    counts.set(codePoint, (counts.get(codePoint) ?? 0) + 1);
  }
}

/** As {@link buildVocabulary}, of code points that are counted already. */
export function vocabularyOfCounts(counts: ReadonlyMap<number, number>, maxCodePoints: number): Vocabulary {
  const frequent = [...counts].filter(([, count]) => count >= minimumCount);
  frequent.sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return createVocabulary(frequent.slice(0, maxCodePoints).map(([codePoint]) => codePoint));
}

const indexes = new WeakMap<Vocabulary, Map<number, number>>();

/** The token of a code point; {@link otherToken} where it has none. */
export function tokenOf(vocabulary: Vocabulary, codePoint: number): number {
  let index = indexes.get(vocabulary);
  if (index === undefined) {
    index = new Map(vocabulary.codePoints.map((point, position) => [point, position + firstCodePointToken]));
    indexes.set(vocabulary, index);
  }
  return index.get(scalarOf(codePoint)) ?? otherToken;
}

/** By the token of one vocabulary, that of the other one; markers are the same everywhere. */
export function tokensIn(from: Vocabulary, to: Vocabulary): Int32Array {
  const tokens = Int32Array.from({ length: from.size }, (_, token) => token);
  for (const [index, point] of from.codePoints.entries()) tokens[index + firstCodePointToken] = tokenOf(to, point);
  return tokens;
}

/** One token for each code point of a text. */
export function encode(vocabulary: Vocabulary, text: string): Int32Array {
  const tokens = new Int32Array(text.length);
  let length = 0;
  for (const character of text) tokens[length++] = tokenOf(vocabulary, character.codePointAt(0)!);
  return tokens.slice(0, length);
}

/** The text of tokens; 'other' becomes U+FFFD, markers nothing. */
export function decode(vocabulary: Vocabulary, tokens: Iterable<number>): string {
  let text = '';
  for (const token of tokens) text += tokenText(vocabulary, token);
  return text;
}

/** The text of one token; see {@link decode}. */
export function tokenText(vocabulary: Vocabulary, token: number): string {
  if (token === otherToken) return '\uFFFD';
  const codePoint = vocabulary.codePoints[token - firstCodePointToken];
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
}

/** Tokens of a header beside those of its path. */
export const headerTokens = 2;

/** Start of file, path, end of header: what stands before the text of every document. */
export function encodeHeader(vocabulary: Vocabulary, path: string): Int32Array {
  return Int32Array.from([startOfFile, ...encode(vocabulary, path), endOfHeader]);
}

/** Header and text of a document, as one sequence. */
export function encodeDocument(vocabulary: Vocabulary, path: string, text: string): Int32Array {
  const header = encodeHeader(vocabulary, path);
  const body = encode(vocabulary, text);
  const tokens = new Int32Array(header.length + body.length);
  tokens.set(header);
  tokens.set(body, header.length);
  return tokens;
}

/** Number of Unicode scalar values that share the probability of {@link otherToken}. */
export function outsideCount(vocabulary: Vocabulary): number {
  return scalarValues - vocabulary.codePoints.length;
}

/** Lone surrogates are no scalar values; they are read as U+FFFD, as every encoder to UTF-8 does. */
export function scalarOf(codePoint: number): number {
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
}
