/** Numbers of tokens, as wide as their vocabulary needs. */
export type Tokens = Uint8Array | Uint16Array | Int32Array;

/** Tokens for a vocabulary of that size, all zero, on memory that threads can share. */
export function createTokens(vocabularySize: number, length: number): Tokens {
  if (vocabularySize <= 0x100) return new Uint8Array(new SharedArrayBuffer(length));
  if (vocabularySize <= 0x10000) return new Uint16Array(new SharedArrayBuffer(length * 2));
  return new Int32Array(new SharedArrayBuffer(length * 4));
}
