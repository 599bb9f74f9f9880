import { isInsideCharacter, toCodePointOffset, toLineFeeds } from '../../text/textOffsets';
import { encode, encodeHeader, type Vocabulary } from '../../text/vocabulary';
import { createPacer } from '../../inference/readPrefix';
import {
  createDocumentMemory,
  deleteToken,
  moveGap,
  typeToken,
  type DocumentMemory,
} from '../../memory/documentMemory';

/** The memory of an open document, brought up to date when it is asked for. */
export interface TextMemory {
  /**
   * The memory of the text with its gap at an offset; its content depends on both alone, not on the edits before.
   * @param text as the editor has it
   * @param offset UTF-16 units
   */
  at(text: string, offset: number): Promise<DocumentMemory>;
}

/** Tokens that are passed, added or removed before others may get their turn: less than a millisecond. */
const stepTokens = 2048;

export function createTextMemory(vocabulary: Vocabulary, path: string): TextMemory {
  const header = encodeHeader(vocabulary, path);
  const memory = createDocumentMemory(vocabulary.size, header);
  /** What the memory holds. */
  let held = '';
  /** Where its gap stands, in UTF-16 units of the text, and the tokens of the text before it: counted only where it moves. */
  let gap = 0;
  let before = 0;
  let queue: Promise<unknown> = Promise.resolve();

  async function move(offset: number): Promise<void> {
    const end = Math.min(offset, held.length);
    const target = isInsideCharacter(held, end) ? end - 1 : end;
    before += target < gap ? -tokensIn(held.slice(target, gap)) : tokensIn(held.slice(gap, target));
    gap = target;
    const pace = createPacer();
    while (!moveGap(memory, header.length + before, stepTokens)) await pace();
  }

  async function update(text: string): Promise<void> {
    if (text === held) return;
    const { start, end, newEnd } = difference(held, text);
    const deleted = tokensIn(held.slice(start, end));
    await move(start);
    const inserted = encode(vocabulary, toLineFeeds(text.slice(start, newEnd)));
    const pace = createPacer();
    for (let count = 0; count < deleted; count++) {
      deleteToken(memory);
      if (count % stepTokens === 0) await pace();
    }
    for (const [index, token] of inserted.entries()) {
      typeToken(memory, token);
      if (index % stepTokens === 0) await pace();
    }
    [held, gap, before] = [text, newEnd, before + inserted.length];
  }

  return {
    at(text, offset) {
      const done = queue.then(async () => {
        await update(text);
        await move(offset);
        return memory;
      });
      queue = done.catch(() => undefined);
      return done;
    },
  };
}

/** Where two texts differ; neither a CRLF nor a surrogate pair is cut. */
function difference(before: string, after: string): { start: number; end: number; newEnd: number } {
  const most = Math.min(before.length, after.length);
  let start = commonStart(before, after, most);
  if (start > 0 && isSplit(before, after, start)) start--;
  let same = commonEnd(before, after, most - start);
  if (same > 0 && (isInsideCharacter(before, before.length - same) || isInsideCharacter(after, after.length - same)))
    same--;
  return { start, end: before.length - same, newEnd: after.length - same };
}

/** Units that are compared at once, by native code: an edit in a long text is found in microseconds. */
const comparedUnits = 1024;

/** Units at the start of both texts that are the same, `most` at most. */
function commonStart(a: string, b: string, most: number): number {
  let start = 0;
  const isSame = (end: number): boolean => a.slice(start, end) === b.slice(start, end);
  while (start + comparedUnits <= most && isSame(start + comparedUnits)) start += comparedUnits;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  return start;
}

/** Units at the end of both texts that are the same, `most` at most. */
function commonEnd(a: string, b: string, most: number): number {
  let same = 0;
  const part = (text: string): string => text.slice(text.length - same - comparedUnits, text.length - same);
  while (same + comparedUnits <= most && part(a) === part(b)) same += comparedUnits;
  while (same < most && a.charCodeAt(a.length - 1 - same) === b.charCodeAt(b.length - 1 - same)) same++;
  return same;
}

function isSplit(before: string, after: string, at: number): boolean {
  return isInsideCharacter(before, at) || isInsideCharacter(after, at);
}

/** Code points of a part of the text that cuts neither a CRLF nor a surrogate pair. */
function tokensIn(part: string): number {
  // Where there is neither, units are code points: nothing has to be counted.
  return /[\r\ud800-\udfff]/.test(part) ? toCodePointOffset(part, part.length) : part.length;
}
