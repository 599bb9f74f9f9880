import type { SourceDocument } from '../core/document';
import { encodeDocument, otherToken, type Vocabulary } from '../core/vocabulary';
import { addToken, createTextChains, type TextChains } from './textChains';

/** Most tokens of text: at 14 bytes each about 170 MB. */
export const maxWorkspaceTokens = 12_000_000;

/** The memory of the saved texts of a workspace. */
export interface WorkspaceMemory {
  readonly vocabulary: Vocabulary;
  readonly chains: TextChains;
  /** Where each document stands. */
  readonly ranges: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
  /** `[vocabulary]`: how often each token is, one added to each; 0 for the markers. Sums to 1. */
  readonly frequencies: Float64Array;
}

/** Remembers documents; those that would make it hold more than {@link maxWorkspaceTokens} are left out. */
export function buildWorkspaceMemory(vocabulary: Vocabulary, documents: readonly SourceDocument[]): WorkspaceMemory {
  const building = buildInSlices(vocabulary, documents);
  for (;;) {
    const slice = building.next();
    if (slice.done === true) return slice.value;
  }
}

/** Tokens added between two yields. */
const sliceTokens = 4096;

/** As {@link buildWorkspaceMemory}, a few milliseconds at a time. */
export function* buildInSlices(
  vocabulary: Vocabulary,
  documents: readonly SourceDocument[],
): Generator<undefined, WorkspaceMemory> {
  const capacity = Math.min(
    maxWorkspaceTokens,
    documents.reduce((sum, { path, text }) => sum + path.length + text.length + 2, 1),
  );
  const chains = createTextChains(-1, vocabulary.size, headBits(capacity), capacity);
  const ranges = new Map<string, { from: number; to: number }>();
  const counts = new Float64Array(vocabulary.size).fill(1, otherToken);
  for (const { path, text } of documents) {
    const tokens = encodeDocument(vocabulary, path, text);
    if (chains.length + tokens.length > maxWorkspaceTokens) continue;
    const from = chains.length;
    for (const token of tokens) {
      addToken(chains, token);
      if (token >= otherToken) counts[token]! += 1;
      if (chains.length % sliceTokens === 0) yield;
    }
    ranges.set(path, { from, to: chains.length });
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { vocabulary, chains, ranges, frequencies: counts.map((count) => count / total) };
}

/** About one head for each token; 2^20 are 4 MB a chain. */
function headBits(tokens: number): number {
  return Math.min(20, Math.max(10, Math.ceil(Math.log2(tokens))));
}
