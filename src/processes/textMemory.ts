import { toCodePointOffset, toLineFeeds } from '../core/textOffsets';
import { encode, encodeHeader, type Vocabulary } from '../core/vocabulary';
import { createPacer } from '../inference/readPrefix';
import { createDocumentMemory, moveGap, typeToken, type DocumentMemory } from '../memory/documentMemory';
import { removeToken } from '../memory/textChains';

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
  let queue: Promise<unknown> = Promise.resolve();

  async function move(text: string, offset: number): Promise<void> {
    const target = header.length + tokensBefore(text, offset);
    const pace = createPacer();
    while (!moveGap(memory, target, stepTokens)) await pace();
  }

  async function update(text: string): Promise<void> {
    if (text === held) return;
    const { start, end, newEnd } = difference(held, text);
    const deleted = encode(vocabulary, toLineFeeds(held.slice(start, end))).length;
    await move(held, start);
    const inserted = encode(vocabulary, toLineFeeds(text.slice(start, newEnd)));
    const pace = createPacer();
    for (let count = 0; count < deleted; count++) {
      removeToken(memory.after);
      if (count % stepTokens === 0) await pace();
    }
    for (const [index, token] of inserted.entries()) {
      typeToken(memory, token);
      if (index % stepTokens === 0) await pace();
    }
    held = text;
  }

  return {
    at(text, offset) {
      const done = queue.then(async () => {
        await update(text);
        await move(text, offset);
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
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && isSplit(before, after, start)) start--;
  let same = 0;
  while (
    same < most - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  if (same > 0 && (isJoined(before, before.length - same) || isJoined(after, after.length - same))) same--;
  return { start, end: before.length - same, newEnd: after.length - same };
}

function isSplit(before: string, after: string, at: number): boolean {
  return isJoined(before, at) || isJoined(after, at);
}

/** Whether the units on both sides of a place are one code point of ours. */
function isJoined(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const [left, right] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return (left === 0x0d && right === 0x0a) || (left >= 0xd800 && left < 0xdc00 && right >= 0xdc00 && right < 0xe000);
}

/** Where the text has neither CRLF nor surrogates, units are code points: nothing has to be counted. */
function tokensBefore(text: string, offset: number): number {
  const before = text.slice(0, offset + 1);
  return /[\r\ud800-\udfff]/.test(before) ? toCodePointOffset(text, offset) : Math.min(offset, text.length);
}
