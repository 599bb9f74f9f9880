import { lineStart, toLineFeeds } from '../text/textOffsets';
import { encode, encodeHeader } from '../text/vocabulary';
import { createPacer, readPrefix, type Position } from './readPrefix';
import { zeroState, type ModelSession } from './session';

/** The position of the model after all text before an offset in the editor's text (UTF-16 units). */
interface Checkpoint {
  readonly offset: number;
  readonly position: Position;
}

/** Hidden states of one open document under one model. */
export interface PrefixStates {
  /** Forgets what was read behind the place of an edit. */
  edited(offset: number): void;
  /**
   * The model's position at the cursor. Of a long text that was not read yet only the last 2,048 characters are read,
   * unless `exact` is set.
   * @param text the whole document as the editor has it
   * @returns undefined where it was aborted, or the text was edited meanwhile
   */
  positionAt(text: string, offset: number, signal: AbortSignal, exact?: boolean): Promise<Position | undefined>;
  /**
   * One slice of reading in idle time: after it `positionAt` this offset is faster, and in the end exact.
   * @param expected text that may be inserted at the offset: in the end `positionAt` its end costs nothing
   * @returns whether there is more to read
   */
  readAhead(text: string, offset: number, expected?: string): Promise<boolean>;
}

/** So much text before the cursor is read at once; a state has forgotten what lies further back (docs/experiments.md). */
export const warmUpCharacters = 2048;
/** Least text between two checkpoints, so that a long document's states stay small. */
const checkpointSpacing = 256;
const maxCheckpoints = 4096;

/** @param path of the document, for its header */
export function createPrefixStates(session: ModelSession, path: string): PrefixStates {
  let header: Checkpoint | undefined;
  /** Aborted by an edit: what was read of a text that has changed meanwhile is thrown away. */
  let unedited = new AbortController();
  /** Ascending, from the start of the document. */
  const exact: Checkpoint[] = [];
  /** Ascending, from 2,048 characters before some cursor. */
  const approximate: Checkpoint[] = [];
  /** Where the text stands once what is expected at an offset is there. */
  let expectation: { readonly at: number; readonly text: string; readonly position: Position } | undefined;

  /** The header is read from the zero state; it is a few dozen characters long. */
  async function start(): Promise<Checkpoint> {
    if (header === undefined) {
      const tokens = encodeHeader(session.vocabulary, path);
      const position = await readPrefix(session, tokens, zeroState(session.model), undefined);
      header = { offset: 0, position: position! };
    }
    return header;
  }

  async function warmBase(text: string, offset: number): Promise<Checkpoint> {
    const base = lastBefore(approximate, offset);
    if (base !== undefined && offset - base.offset <= warmUpCharacters) return base;
    approximate.length = 0;
    const from = Math.max(lineStart(text, offset - warmUpCharacters), offset - 2 * warmUpCharacters);
    return { offset: wholeCharacter(text, from), position: (await start()).position };
  }

  /** The last place before an offset up to which everything was read. */
  async function exactBase(text: string, offset: number): Promise<Checkpoint> {
    const base = lastBefore(exact, offset) ?? (await start());
    if (expectation === undefined) return base;
    const end = expectation.at + expectation.text.length;
    const isThere = base.offset < end && end <= offset && text.startsWith(expectation.text, expectation.at);
    return isThere ? { offset: end, position: expectation.position } : base;
  }

  /** @param base everything up to the offset at which the text is expected */
  async function expect(base: Checkpoint, text: string, signal: AbortSignal): Promise<void> {
    if (text === '' || (expectation?.at === base.offset && expectation.text === text)) return;
    const position = await readPrefix(session, encode(session.vocabulary, text), base.position.state, signal);
    if (position !== undefined && !signal.aborted) expectation = { at: base.offset, text, position };
  }

  return {
    edited(offset) {
      unedited.abort();
      unedited = new AbortController();
      if (expectation !== undefined && offset < expectation.at) expectation = undefined;
      forgetAfter(exact, offset);
      forgetAfter(approximate, offset);
    },
    async positionAt(text, offset, wanted, readAll = false) {
      const signal = AbortSignal.any([wanted, unedited.signal]);
      const base = await exactBase(text, offset);
      // What is read near the cursor already costs less than what idle time has not come to yet.
      const isNearest = base.offset >= (lastBefore(approximate, offset)?.offset ?? 0);
      if (readAll || (isNearest && offset - base.offset <= warmUpCharacters)) {
        return readOn(session, exact, base, text, offset, signal);
      }
      return readOn(session, approximate, await warmBase(text, offset), text, offset, signal);
    },
    async readAhead(text, offset, expected = '') {
      const { signal } = unedited;
      const base = await exactBase(text, offset);
      if (base.offset === offset) {
        await expect(base, expected, signal);
        return false;
      }
      if (offset - base.offset > warmUpCharacters) {
        const warm = await warmBase(text, offset);
        if (warm.offset < offset && approximate.at(-1)?.offset !== offset) {
          await readSegment(session, approximate, warm, text, offset, signal);
          return true;
        }
      }
      const end = await readSegment(session, exact, base, text, offset, signal);
      if (end?.offset !== offset) return true;
      approximate.length = 0;
      return expected !== '';
    },
  };
}

function lastBefore(checkpoints: readonly Checkpoint[], offset: number): Checkpoint | undefined {
  return checkpoints.findLast((checkpoint) => checkpoint.offset <= offset);
}

function forgetAfter(checkpoints: Checkpoint[], offset: number): void {
  while ((checkpoints.at(-1)?.offset ?? -1) > offset) checkpoints.pop();
}

async function readOn(
  session: ModelSession,
  checkpoints: Checkpoint[],
  base: Checkpoint,
  text: string,
  offset: number,
  signal: AbortSignal,
): Promise<Position | undefined> {
  let current = base;
  const pace = createPacer();
  while (current.offset < offset) {
    await pace();
    const next = signal.aborted ? undefined : await readSegment(session, checkpoints, current, text, offset, signal);
    if (next === undefined) return undefined;
    current = next;
  }
  return current.position;
}

/** Reads up to the next checkpoint, at the start of a line or at the cursor itself. */
async function readSegment(
  session: ModelSession,
  checkpoints: Checkpoint[],
  base: Checkpoint,
  text: string,
  offset: number,
  signal: AbortSignal,
): Promise<Checkpoint | undefined> {
  const end = segmentEnd(text, base.offset, offset);
  const tokens = encode(session.vocabulary, toLineFeeds(text.slice(base.offset, end)));
  const position = await readPrefix(session, tokens, base.position.state, signal);
  if (position === undefined || signal.aborted) return undefined;
  const checkpoint = { offset: end, position };
  keep(checkpoints, checkpoint);
  return checkpoint;
}

/** The cursor's line starts at a checkpoint, so that typing in it costs that line; before it they are further apart. */
function segmentEnd(text: string, from: number, offset: number): number {
  const cursorLine = lineStart(text, offset);
  if (from >= cursorLine) return offset;
  const next = text.indexOf('\n', from + checkpointSpacing - 1) + 1;
  return next === 0 || next > cursorLine ? cursorLine : next;
}

/** Puts a checkpoint in order, in place of one at the same offset. */
function keep(checkpoints: Checkpoint[], checkpoint: Checkpoint): void {
  const index = checkpoints.findLastIndex(({ offset }) => offset < checkpoint.offset) + 1;
  const replaced = checkpoints[index]?.offset === checkpoint.offset ? 1 : 0;
  checkpoints.splice(index, replaced, checkpoint);
  if (checkpoints.length > maxCheckpoints) thinOut(checkpoints);
}

function thinOut(checkpoints: Checkpoint[]): void {
  const kept = checkpoints.filter((_, index) => index % 2 === 0 || index === checkpoints.length - 1);
  checkpoints.splice(0, checkpoints.length, ...kept);
}

/** An offset that does not lie between two surrogates. */
function wholeCharacter(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff ? offset + 1 : offset;
}
