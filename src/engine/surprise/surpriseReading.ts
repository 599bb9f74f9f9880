import { readPrefix, type Pace, type Position } from '../../inference/readPrefix';
import { zeroState, type ModelSession, type State } from '../../inference/session';
import { emptySurprise, noteSurprise, type CharacterSurprise } from '../../surprise/characterSurprise';
import { singleEdit } from '../../text/textEdit';
import { lineStart, toLineFeeds } from '../../text/textOffsets';
import { encode, encodeHeader } from '../../text/vocabulary';

/** How surprising the code points of a part of a text are; offsets in UTF-16 units. */
export interface SurprisingPart {
  readonly start: number;
  readonly end: number;
  readonly surprise: CharacterSurprise;
}

/** A document that the network reads from top to bottom; what was read stays as long as no edit has touched it. */
export interface SurpriseReading {
  /** All of a text. */
  whole(text: string, pace: Pace): Promise<SurprisingPart>;
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

/** Least length of a part, in UTF-16 units; each holds a state. */
const partUnits = 512;
/** Characters that the network reads at once: some milliseconds. */
const chunkCharacters = 32;
/** A state has forgotten what lies further back (docs/experiments.md). */
const warmUpUnits = 2048;
/** Behind an edit the network goes on as before where its states differ by no more. */
const sameState = 1e-3;

/** @param path of the document, for its header */
export function createSurpriseReading(session: ModelSession, path: string): SurpriseReading {
  let held = '';
  /** Side by side from the start of the text on. */
  let read: Part[] = [];
  /** What was read behind an edit: of use where the network comes to it as it did then. */
  let kept: Part[] = [];
  let start: Position | undefined;

  async function header(): Promise<Position> {
    if (start === undefined) {
      const tokens = encodeHeader(session.vocabulary, path);
      start = (await readPrefix(session, tokens, zeroState(session.model), undefined))!;
    }
    return start;
  }

  function turnTo(text: string): void {
    const edit = singleEdit(held, text);
    held = text;
    if (edit === undefined) return;
    const moved = edit.text.length - edit.length;
    const behind = [...read, ...kept].filter((part) => part.start >= edit.offset + edit.length);
    kept = behind
      .map((part) => ({ ...part, start: part.start + moved, end: part.end + moved }))
      .filter((part) => text[part.start - 1] === '\n');
    read = read.filter((part) => part.end <= edit.offset);
  }

  const reached = (): number => read.at(-1)?.end ?? 0;

  /** Takes over what stands behind an edit where that has not changed what is expected there. */
  function goOnAsBefore(position: Position): boolean {
    const first = kept.findIndex((part) => part.start === reached());
    if (first < 0 || !isClose(kept[first]!.before.state, position.state)) return false;
    let end = first;
    while (end < kept.length && kept[end]!.start === reached()) read.push(kept[end++]!);
    kept.splice(0, end);
    return true;
  }

  async function readTo(text: string, to: number, pace: Pace): Promise<void> {
    const beginning = await header();
    while (reached() < to) {
      const before = read.at(-1)?.after ?? beginning;
      if (goOnAsBefore(before)) continue;
      const from = reached();
      const next = kept.find((part) => part.start > from)?.start ?? text.length;
      const part = await readPart(
        session,
        text,
        [from, Math.min(next, lineEndAfter(text, from + partUnits))],
        before,
        pace,
      );
      await pace();
      read.push(part);
      kept = kept.filter((other) => other.start >= part.end);
    }
  }

  return {
    async whole(text, pace) {
      turnTo(text);
      await readTo(text, text.length, pace);
      return joined(read);
    },
    async near(text, from, to, pace) {
      turnTo(text);
      const end = lineEndAfter(text, to);
      const warm = lineStart(text, Math.max(0, from - warmUpUnits));
      if (warm <= reached()) {
        await readTo(text, end, pace);
        const first = read.findLastIndex((part) => part.start <= from);
        return joined(read.slice(Math.max(0, first)));
      }
      return readPart(session, text, [warm, end], await header(), pace);
    },
  };
}

async function readPart(
  session: ModelSession,
  text: string,
  [start, end]: readonly [number, number],
  before: Position,
  pace: Pace,
): Promise<Part> {
  const { vocabulary } = session;
  const tokens = encode(vocabulary, toLineFeeds(text.slice(start, end)));
  const surprise = emptySurprise(tokens.length);
  let after = before;
  for (let from = 0; from < tokens.length; from += chunkCharacters) {
    await pace();
    const chunk = tokens.subarray(from, from + chunkCharacters);
    const { logits, state } = await session.run(chunk, 1, after.state);
    for (const [index, token] of chunk.entries()) {
      const [row, offset] = index === 0 ? [after.logits, 0] : [logits, (index - 1) * vocabulary.size];
      noteSurprise(surprise, from + index, vocabulary, row, offset, token);
    }
    after = { state, logits: logits.slice(-vocabulary.size) };
  }
  return { start, end, surprise, before, after };
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

function isClose(one: State, other: State): boolean {
  return one.every((values, index) => values.every((value, at) => Math.abs(value - other[index]![at]!) <= sameState));
}

/** Behind the end of the line in which an offset lies. */
function lineEndAfter(text: string, offset: number): number {
  const newline = text.indexOf('\n', Math.min(offset, text.length));
  return newline < 0 ? text.length : newline + 1;
}
