import { readPrefix, type Pace, type Position } from '../../inference/readPrefix';
import { zeroState, type ModelSession, type State } from '../../inference/session';
import { readSideBySide, type Column } from '../../inference/sideBySide';
import { emptySurprise, noteSurprise, type CharacterSurprise } from '../../surprise/characterSurprise';
import { singleEdit } from '../../text/textEdit';
import { isInsideCharacter, toLineFeeds } from '../../text/textOffsets';
import { encode, encodeHeader } from '../../text/vocabulary';
import type { SecondReader } from './secondReader';

/** How surprising the code points of a part of a text are; offsets in UTF-16 units. */
export interface SurprisingPart {
  readonly start: number;
  readonly end: number;
  readonly surprise: CharacterSurprise;
}

/**
 * A document that the network reads from top to bottom; what was read stays as long as no edit has touched it. A long one is
 * read in several places at once, each as if the text began there; then the network goes on from the end of each piece into the
 * next one until it is as if it had come from the top.
 */
export interface SurpriseReading {
  /**
   * All of a text. Waits while {@link near} is answered.
   * @param start of a second reader, for a long text; it is ended when all is read
   */
  whole(text: string, pace: Pace, start?: () => SecondReader): Promise<SurprisingPart>;
  /**
   * The lines of a part of a text, soon: where nothing near them was read yet only some text before them is, and what is given
   * back is nearly what {@link whole} will say.
   */
  near(text: string, from: number, to: number, pace: Pace): Promise<SurprisingPart>;
}

interface Part extends SurprisingPart {
  readonly before: Position;
  readonly after: Position;
}

/** A part that is being read. */
interface OpenPart extends Column {
  readonly start: number;
  readonly end: number;
  readonly surprise: CharacterSurprise;
  readonly before: Position;
}

/** Where to go on. */
interface Task {
  readonly start: number;
  readonly end: number;
  readonly before: Position;
}

/** Usual length of a part, in UTF-16 units; each holds a state. */
const partUnits = 256;
/** Places of a text that are read at once: as many as the processor is faster with (docs/experiments.md). */
const mostColumns = 8;
/** Twice what a state remembers: a shorter piece would be read twice. */
const leastPieceUnits = 4096;
/** Enough for two readers; one would be through with less before the second has started. */
const leastSharedUnits = 65_536;
/** Before the lines that are wanted soon so much is read. */
const nearUnits = 512;
/** The network goes on as before where its states differ by no more. */
const sameState = 0.01;
/** How long native code may keep the process from its messages. */
const sliceMs = 5;
const firstSliceCharacters = 64;
const largestSliceCharacters = 1024;

/** @param path of the document, for its header */
export function createSurpriseReading(session: ModelSession, path: string): SurpriseReading {
  let held = '';
  /** In order; none overlaps another. */
  let parts: Part[] = [];
  let header: Position | undefined;
  let sliceCharacters = firstSliceCharacters;
  /** What is wanted soon. */
  let hurried: Promise<unknown> = Promise.resolve();

  async function beginning(): Promise<Position> {
    if (header === undefined) {
      const tokens = encodeHeader(session.vocabulary, path);
      header = (await readPrefix(session, tokens, zeroState(session.model), undefined))!;
    }
    return header;
  }

  function turnTo(text: string): void {
    const edit = singleEdit(held, text);
    held = text;
    if (edit === undefined) return;
    const moved = edit.text.length - edit.length;
    const before = parts.filter(({ end }) => end <= edit.offset);
    const behind = parts
      .filter(({ start }) => start >= edit.offset + edit.length)
      .map((part) => ({ ...part, start: part.start + moved, end: part.end + moved }));
    parts = [...before, ...behind].filter(
      ({ start, end }) => !isInsideCharacter(text, start) && !isInsideCharacter(text, end),
    );
  }

  /** What is to be read next between two offsets: the first place where it can go on, or else a new one in its middle. */
  function nextTask(from: number, to: number, open: readonly OpenPart[]): Task | undefined {
    let longest = { start: 0, end: 0 };
    let start = from;
    let last: Part | OpenPart | undefined;
    for (const next of [...[...parts, ...open].sort(byStart), undefined]) {
      const end = Math.min(to, next?.start ?? to);
      if (start < end) {
        const before = last?.end === start ? afterOf(last) : header;
        if (before !== undefined) return { start, end: partEnd(start, end), before };
        if (end - start > longest.end - longest.start) longest = { start, end };
      }
      if (next !== undefined && next.end >= start) [start, last] = [next.end, next];
    }
    if (longest.end - longest.start < 2 * leastPieceUnits) return nextSeam(from, to, open);
    const middle = boundaryAt(held, Math.floor((longest.start + longest.end) / 2));
    return { start: middle, end: partEnd(middle, longest.end), before: header! };
  }

  /** The first part that was read as if other text stood before it is read again. */
  function nextSeam(from: number, to: number, open: readonly OpenPart[]): Task | undefined {
    const at = parts.findIndex((part, index) => {
      const previous = parts[index - 1];
      if (part.start < from || part.start >= to || previous?.end !== part.start) return false;
      return !isClose(previous.after, part.before);
    });
    if (at < 0) return undefined;
    parts.splice(at, 1);
    return nextTask(from, to, open);
  }

  function partEnd(start: number, end: number): number {
    return end - start < 1.5 * partUnits ? end : boundaryAt(held, start + partUnits);
  }

  function add({ start, end, surprise, before, position: after }: OpenPart): void {
    const others = parts.filter((part) => part.end <= start || part.start >= end);
    parts = [...others, { start, end, surprise, before, after }].sort(byStart);
  }

  function begin({ start, end, before }: Task): OpenPart {
    const tokens = encode(session.vocabulary, toLineFeeds(held.slice(start, end)));
    return { start, end, before, tokens, at: 0, position: before, surprise: emptySurprise(tokens.length) };
  }

  async function read(
    text: string,
    [from, to]: readonly [number, number],
    pace: Pace,
    second?: SecondReader,
  ): Promise<void> {
    await beginning();
    let open: readonly OpenPart[] = [];
    /** What the second reader reads. */
    let lent: readonly OpenPart[] = [];
    let helper = second;

    function filled(columns: readonly OpenPart[]): readonly OpenPart[] {
      const all = [...columns];
      for (let task; all.length < mostColumns; all.push(begin(task))) {
        task = nextTask(from, to, [...open, ...lent, ...all]);
        if (task === undefined) break;
      }
      return all;
    }

    async function readElsewhere({ read }: SecondReader, lending: readonly OpenPart[]): Promise<void> {
      try {
        const done = await read(lending.map(({ tokens, before }) => ({ tokens, before })));
        if (held !== text || lent !== lending) return;
        lending.forEach((part, place) =>
          add({ ...part, surprise: done[place]!.surprise, position: done[place]!.after }),
        );
      } catch {
        // What it had is read here.
        helper = undefined;
      }
      if (lent === lending) lent = [];
    }

    for (;;) {
      await pace();
      if (held !== text) throw new DOMException('The text has changed.', 'AbortError');
      open = filled(open);
      if (helper !== undefined && lent.length === 0) {
        lent = filled([]);
        if (lent.length > 0) void readElsewhere(helper, lent);
      }
      // Nothing else is left to do: who is first reads it, and the second reader may be kept from working.
      if (open.length === 0) [open, lent] = [lent, []];
      if (open.length === 0) return;
      await readSlice(open);
      if (held !== text) continue;
      open.filter(isRead).forEach(add);
      open = open.filter((part) => !isRead(part));
    }
  }

  async function readSlice(open: readonly OpenPart[]): Promise<void> {
    const mostSteps = Math.max(1, Math.floor(sliceCharacters / open.length));
    const startMs = performance.now();
    const steps = await readSideBySide(session, open, mostSteps, ({ surprise, tokens }, at, logits, offset) =>
      noteSurprise(surprise, at, session.vocabulary, logits, offset, tokens[at]!),
    );
    const perCharacter = (performance.now() - startMs) / (steps * open.length);
    const fitting = Math.min(2 * sliceCharacters, Math.max(sliceCharacters / 2, sliceMs / perCharacter));
    sliceCharacters = Math.min(largestSliceCharacters, Math.max(mostColumns, fitting));
  }

  return {
    async whole(text, pace, start) {
      turnTo(text);
      const patient: Pace = async () => {
        await hurried;
        return pace();
      };
      const unread = text.length - parts.reduce((sum, part) => sum + part.end - part.start, 0);
      const second = unread < leastSharedUnits ? undefined : start?.();
      try {
        await read(text, [0, text.length], patient, second);
      } finally {
        second?.end();
      }
      return joined(parts);
    },
    near(text, from, to, pace) {
      turnTo(text);
      const end = lineEndAfter(text, to);
      const known = parts.find((part) => part.start <= from && part.end > from);
      const start = known?.start ?? boundaryAt(text, Math.max(0, from - nearUnits));
      const done = read(text, [start, end], pace);
      hurried = Promise.allSettled([hurried, done]);
      return done.then(() => joined(parts.filter((part) => part.end > from && part.start < end)));
    },
  };
}

function byStart(one: SurprisingPart, other: SurprisingPart): number {
  return one.start - other.start;
}

/** undefined: it is still being read. */
function afterOf(part: Part | OpenPart): Position | undefined {
  return 'after' in part ? part.after : undefined;
}

function isRead({ tokens, at }: OpenPart): boolean {
  return at === tokens.length;
}

function joined(parts: readonly SurprisingPart[]): SurprisingPart {
  const surprise = emptySurprise(parts.reduce((sum, part) => sum + part.surprise.bits.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const kind of ['bits', 'entropy', 'least'] as const) surprise[kind].set(part.surprise[kind], at);
    at += part.surprise.bits.length;
  }
  return { start: parts[0]?.start ?? 0, end: parts.at(-1)?.end ?? 0, surprise };
}

function isClose(one: Position, other: Position): boolean {
  return one === other || haveClose(one.state, other.state);
}

function haveClose(one: State, other: State): boolean {
  return one.every((values, index) => values.every((value, at) => Math.abs(value - other[index]![at]!) <= sameState));
}

/** The first offset from this one on that is between two characters. */
function boundaryAt(text: string, offset: number): number {
  return isInsideCharacter(text, offset) ? offset + 1 : offset;
}

/** Behind the end of the line in which an offset lies. */
function lineEndAfter(text: string, offset: number): number {
  const newline = text.indexOf('\n', Math.min(offset, text.length));
  return newline < 0 ? text.length : newline + 1;
}
