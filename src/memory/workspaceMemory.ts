import { maxMemoryCharacters } from '../core/configuration';
import type { SourceDocument } from '../text/document';
import { encodeDocument, otherToken, startOfFile, type Vocabulary } from '../text/vocabulary';
import { indexCodeInSlices, updateCode, type WorkspaceCode } from './code/workspaceCode';
import { addToken, createTextChains, type TextChains } from './textChains';

/** The memory of the saved texts of a workspace. */
export interface WorkspaceMemory {
  readonly vocabulary: Vocabulary;
  readonly chains: TextChains;
  /** Where each document stands. */
  readonly ranges: Map<string, { readonly from: number; readonly to: number }>;
  /** `[vocabulary]`: how often each token is, one added to each; 0 for the markers. Sums to 1. */
  readonly frequencies: Float64Array;
  /** Its names and signs. */
  readonly code: WorkspaceCode;
}

/** Remembers documents; those that would make it hold more tokens than `mostTokens` are left out. */
export function buildWorkspaceMemory(
  vocabulary: Vocabulary,
  documents: readonly SourceDocument[],
  mostTokens = maxMemoryCharacters,
): WorkspaceMemory {
  const building = buildInSlices(vocabulary, documents, mostTokens);
  for (;;) {
    const slice = building.next();
    if (slice.done === true) return slice.value;
  }
}

/** What holds nearly all of it, to be given from one thread to another. */
export function buffersOf({ chains, code: { index, names } }: WorkspaceMemory): ArrayBuffer[] {
  const ofChains = [chains.tokens, ...chains.heads, ...chains.previous];
  const ofIndex = [index.codes, index.starts, index.lineFirst, index.opener, ...index.heads, ...index.previous];
  const ofNames = [names.letters, names.starts, names.shapes, names.frequent, names.slots];
  return [...ofChains, ...ofIndex, ...ofNames].map(({ buffer }) => buffer as ArrayBuffer);
}

/** An upper bound of the tokens of documents, headers included. */
export function mostTokensOf(documents: readonly SourceDocument[]): number {
  return documents.reduce((sum, { path, text }) => sum + path.length + text.length + 2, 0);
}

/** Tokens added between two yields. */
const sliceTokens = 4096;
/** Room for documents that are saved later: without it the first of them would copy the whole index to a larger place. */
const spareTokens = 2 ** 18;

/** As {@link buildWorkspaceMemory}, a few milliseconds at a time. */
export function* buildInSlices(
  vocabulary: Vocabulary,
  documents: readonly SourceDocument[],
  mostTokens = maxMemoryCharacters,
): Generator<undefined, WorkspaceMemory> {
  const capacity = Math.min(mostTokens, mostTokensOf(documents) + 1);
  const chains = createTextChains(-1, vocabulary.size, headBits(capacity), capacity + spareTokens);
  const ranges = new Map<string, { from: number; to: number }>();
  const counts = new Float64Array(vocabulary.size).fill(1, otherToken);
  for (const { path, text } of documents) {
    const tokens = encodeDocument(vocabulary, path, text);
    if (chains.length + tokens.length > mostTokens) continue;
    const from = chains.length;
    for (const token of tokens) {
      addToken(chains, token);
      if (token >= otherToken) counts[token]! += 1;
      if (chains.length % sliceTokens === 0) yield;
    }
    ranges.set(path, { from, to: chains.length });
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const code = yield* indexCodeInSlices({ vocabulary, tokens: chains.tokens, ranges }, capacity);
  return { vocabulary, chains, ranges, frequencies: counts.map((count) => count / total), code };
}

/**
 * Puts a document's text in the place of what was remembered under its path: afterwards the memory answers as one that was
 * built with this text last. What stood there goes on taking up its room.
 * @param text undefined: it is no document of the workspace any more
 * @returns false where there is no room left: the memory must be built anew
 */
export function replaceDocument(
  { vocabulary, chains, ranges, code }: WorkspaceMemory,
  path: string,
  text: string | undefined,
): boolean {
  const tokens = text === undefined ? undefined : encodeDocument(vocabulary, path, text);
  const held = ranges.get(path);
  if (held !== undefined && tokens !== undefined && isEqual(chains.tokens.subarray(held.from, held.to), tokens))
    return true;
  if (tokens !== undefined && chains.length + tokens.length > chains.tokens.length) return false;
  // No context holds a start of a file but as its first token, and none is ever offered: what stands here matches nothing.
  if (held !== undefined) chains.tokens.fill(startOfFile, held.from, held.to);
  ranges.delete(path);
  const from = chains.length;
  for (const token of tokens ?? []) addToken(chains, token);
  const range = tokens && { from, to: chains.length };
  if (range !== undefined) ranges.set(path, range);
  updateCode(code, { vocabulary, tokens: chains.tokens, ranges }, path, range);
  return true;
}

function isEqual(held: TextChains['tokens'], tokens: Int32Array): boolean {
  return held.length === tokens.length && tokens.every((token, index) => held[index] === token);
}

/** About one head for each token, so that few contexts share one; 2^22 are 16 MB a chain. */
function headBits(tokens: number): number {
  return Math.min(22, Math.max(10, Math.round(Math.log2(tokens))));
}
