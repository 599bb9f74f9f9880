import type { EncodedDocument } from '../../text/encodedDocument';
import { createRandom, shuffle } from '../../core/random';
import type { Tokens } from '../../text/tokens';

/** Tokens that are read from the zero state, and those of them that count. */
export interface Piece {
  readonly tokens: Tokens;
  /** The first token that counts; those before it only warm the state up. */
  readonly countFrom: number;
}

interface Cut {
  /** Longest text that stays in one piece. */
  readonly whole: number;
  /** Counted characters of each piece of a longer one. */
  readonly counted: number;
  /** Characters before these that are read, after the header. */
  readonly warmUp: number;
}

/** A long document read at once would leave all but one row of every product empty; the state forgets far sooner. */
const wholeSplit: Cut = { whole: 8_192, counted: 4_096, warmUp: 1_024 };
const sample: Cut = { whole: 512, counted: 512, warmUp: 256 };

/** All pieces of documents: each character counts once, headers never. */
export function allPieces(documents: readonly EncodedDocument[]): Piece[] {
  return documents.flatMap(piecesOf);
}

/** All pieces of one document: none where it is empty. */
export function piecesOf(document: EncodedDocument): Piece[] {
  return cutDocument(document, wholeSplit);
}

/** The same pieces at every call: `count` short ones drawn by the seed; all of them where there are no more. */
export function samplePieces(documents: readonly EncodedDocument[], count: number, seed: number): Piece[] {
  const pieces = documents.flatMap((document) => cutDocument(document, sample));
  return shuffle(pieces, createRandom(seed)).slice(0, count);
}

/** Characters that count. */
export function countedCharacters(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { tokens, countFrom }) => sum + tokens.length - countFrom, 0);
}

function cutDocument({ tokens, headerLength }: EncodedDocument, { whole, counted, warmUp }: Cut): Piece[] {
  const length = tokens.length - headerLength;
  if (length === 0) return [];
  if (length <= whole) return [{ tokens, countFrom: headerLength }];
  const header = tokens.subarray(0, headerLength);
  return Array.from({ length: Math.ceil(length / counted) }, (_, index) => {
    const start = headerLength + index * counted;
    const before = Math.min(warmUp, start - headerLength);
    const body = tokens.subarray(start - before, Math.min(start + counted, tokens.length));
    return { tokens: Int32Array.from([...header, ...body]), countFrom: headerLength + before };
  });
}
