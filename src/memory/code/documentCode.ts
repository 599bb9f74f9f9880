import { makeRoom } from '../textChains';
import type { TextChains } from '../textChains';
import { createCodeIndex, type CodeIndex } from './codeIndex';
import { bringUpTo, type CodeText } from './codeScanning';
import type { Names } from './names';
import type { CodeMarks } from './workspaceCode';

/** The names and signs of one document, before its gap and behind it. */
export interface DocumentCode {
  readonly names: Names;
  readonly marks: CodeMarks;
  readonly before: CodePart;
  /** Backwards, as the text behind the gap is. */
  readonly after: CodePart;
  /** What stood behind the text before the gap when it was read last: what was drawn there. */
  drawn: Int32Array;
  /** Characters before the gap that have not changed since somebody asked last, and who that was. */
  unchanged: number;
  reader: object | undefined;
}

export interface CodePart {
  readonly index: CodeIndex;
  readonly text: CodeText;
  /** Characters of the text that were read. */
  characters: number;
  /** Raised by every change of those behind the gap. */
  changes: number;
}

/** A document as far as its code depends on it: see `DocumentMemory`. */
export interface ReadDocument {
  readonly before: TextChains;
  readonly after: TextChains;
  readonly untouched: { before: number; after: number };
}

const bits = 13;

export function createDocumentCode(names: Names, marks: CodeMarks): DocumentCode {
  const part = (direction: -1 | 1): CodePart => ({
    index: createCodeIndex(direction, bits),
    text: { tokens: new Uint16Array(0), ...marks, names },
    characters: 0,
    changes: 0,
  });
  return { names, marks, before: part(-1), after: part(1), drawn: new Int32Array(0), unchanged: 0, reader: undefined };
}

/**
 * Reads what has changed since the last call. What is drawn at the gap stands behind the text for the time of the question.
 * @param most so many names and signs at most, before the gap and behind it
 * @returns whether all is read
 */
export function readCode(code: DocumentCode, document: ReadDocument, drawn: Int32Array, most = Infinity): boolean {
  const { before, after, untouched } = document;
  makeRoom(before, drawn.length);
  before.tokens.set(drawn, before.length);
  code.before.text.tokens = before.tokens;
  code.after.text.tokens = after.tokens;
  const to = before.length + drawn.length;
  const same = untouched.before < code.before.characters ? untouched.before : sameCharacters(code, to);
  const isRead = [
    bringUpTo(code.before.index, code.before.text, same, to, most),
    bringUpTo(code.after.index, code.after.text, untouched.after, after.length, most),
  ];
  if (drawn.length + code.drawn.length > 0) code.drawn = drawn.slice();
  code.unchanged = Math.min(code.unchanged, untouched.before);
  if (untouched.after < code.after.characters || after.length !== code.after.characters) code.after.changes++;
  untouched.before = code.before.characters = before.length;
  untouched.after = code.after.characters = after.length;
  return isRead.every(Boolean);
}

/** Whoever types what was drawn, or draws another line that begins alike, has part of it read already. */
function sameCharacters({ before: { text, characters }, drawn }: DocumentCode, to: number): number {
  let same = 0;
  while (same < drawn.length && characters + same < to && text.tokens[characters + same] === drawn[same]) same++;
  return characters + same;
}
