import type { DocumentCode } from './code/documentCode';
import { addToken, createTextChains, removeToken, type TextChains } from './textChains';

/**
 * The memory of one document. Like the gap buffer of an editor it has a gap, at the cursor: an edit there costs what it
 * changes, moving the gap what it passes. Which text matches depends on the text and the gap alone, not on the edits
 * that led there.
 */
export interface DocumentMemory {
  /** The text before the gap. */
  readonly before: TextChains;
  /** The text behind it, backwards: what stands near the cursor is newest here too. */
  readonly after: TextChains;
  /** How many tokens at the beginning of both are as they were when `code` was brought up to date last. */
  readonly untouched: { before: number; after: number };
  /** Its names and signs, by who asks for them; brought up to date when they are asked for. */
  code: DocumentCode | undefined;
}

const bits = 15;

/** @param tokens of the document, header first; the gap stands at their end */
export function createDocumentMemory(vocabularySize: number, tokens: Int32Array): DocumentMemory {
  const memory: DocumentMemory = {
    before: createTextChains(-1, vocabularySize, bits, tokens.length + 1024),
    after: createTextChains(1, vocabularySize, bits, 1024),
    untouched: { before: 0, after: 0 },
    code: undefined,
  };
  for (const token of tokens) addToken(memory.before, token);
  return memory;
}

/** Number of tokens, header included. */
export function documentLength({ before, after }: DocumentMemory): number {
  return before.length + after.length;
}

/**
 * Moves the gap.
 * @param mostSteps passes so many tokens at most
 * @returns whether it is there
 */
export function moveGap(memory: DocumentMemory, offset: number, mostSteps = Infinity): boolean {
  const { before, after } = memory;
  let steps = 0;
  touch(memory);
  for (; before.length > offset && steps < mostSteps; steps++) pass(before, after);
  for (; before.length < offset && after.length > 0 && steps < mostSteps; steps++) pass(after, before);
  touch(memory);
  return before.length === offset || (after.length === 0 && before.length < offset);
}

/** Both texts shrink and grow at their ends: what was ever beyond them may be another one now. */
function touch({ before, after, untouched }: DocumentMemory): void {
  untouched.before = Math.min(untouched.before, before.length);
  untouched.after = Math.min(untouched.after, after.length);
}

function pass(from: TextChains, to: TextChains): void {
  const token = from.tokens[from.length - 1]!;
  removeToken(from);
  addToken(to, token);
}

/** Replaces `deleted` tokens at an offset; the gap stands behind the new ones afterwards. */
export function editDocument(memory: DocumentMemory, offset: number, deleted: number, inserted: Int32Array): void {
  moveGap(memory, offset);
  for (let count = 0; count < deleted && memory.after.length > 0; count++) deleteToken(memory);
  for (const token of inserted) typeToken(memory, token);
}

/** Takes away the token behind the gap. */
export function deleteToken(memory: DocumentMemory): void {
  removeToken(memory.after);
  touch(memory);
}

/** Writes one token at the gap. */
export function typeToken({ before }: DocumentMemory, token: number): void {
  addToken(before, token);
}
