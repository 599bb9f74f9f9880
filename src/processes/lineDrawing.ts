import { encode, tokenOf } from '../core/vocabulary';
import { drawLine, type DrawnLine, type Mixing } from '../inference/decoding';
import type { ModelSession } from '../inference/session';
import { contextAtGap, type LanguageMemory } from '../memory/languageMemory';
import type { CompletionRequest } from '../protocol/engine';
import type { Clock } from './completionClock';
import { prefixStatesOf, textMemoryOf, type EngineDocument } from './engineDocuments';
import { isLongEnough, type KeptLine } from './keptLine';

/** What draws, in which document. */
export interface Drawing {
  readonly session: ModelSession;
  readonly document: EngineDocument;
  /** Mixed into every character's distribution; undefined: the network alone. */
  readonly memory: LanguageMemory | undefined;
  readonly clock: Clock;
}

/**
 * The rest of the cursor's line as network and memory write it: what is left of the line drawn last where the document says
 * what that line does, unless the request is an exact one.
 * @returns undefined where the request became stale
 */
export async function drawAtCursor(
  drawing: Drawing,
  request: CompletionRequest,
  isStale: () => boolean,
): Promise<DrawnLine | undefined> {
  const { session, document, memory } = drawing;
  const { offset, maxCharacters, exact = false } = request;
  const kept = document.drawn;
  if (!exact && kept !== undefined && isLongEnough(kept) && isSame(kept, { session, memory, maxCharacters, offset })) {
    return kept.line;
  }
  const line = await drawAnew(drawing, request, isStale);
  if (line !== undefined && !isStale()) {
    const isWhole = line.characters.length < maxCharacters;
    document.drawn = { session, memory, maxCharacters, offset, line, isWhole };
  }
  return line;
}

type Origin = Omit<KeptLine, 'line' | 'isWhole'>;

function isSame(kept: KeptLine, { session, memory, maxCharacters, offset }: Origin): boolean {
  return (
    kept.session === session && kept.memory === memory && kept.maxCharacters === maxCharacters && kept.offset === offset
  );
}

async function drawAnew(
  drawing: Drawing,
  { offset, maxCharacters, exact = false }: CompletionRequest,
  isStale: () => boolean,
): Promise<DrawnLine | undefined> {
  const { session, document, clock } = drawing;
  const states = prefixStatesOf(document, session);
  const position = await clock.time('prefixMs', () => states.positionAt(document.text, offset, isStale, exact));
  if (position === undefined) return undefined;
  const mix = await mixingAt(drawing, offset, maxCharacters);
  return drawLine(clock.watch(session), position, maxCharacters, isStale, mix);
}

/** Lines below the cursor's that are drawn at most. */
const mostLinesBelow = 8;

/**
 * The lines below the one that was drawn at the cursor, as network and memory write them.
 * @param leastProbability asked before each with those that are there: a line that is less probable is broken off, and the last
 * one; undefined: that there shall be no other
 * @returns undefined where the request became stale
 */
export async function drawBelow(
  drawing: Drawing,
  first: DrawnLine,
  { offset, maxCharacters }: CompletionRequest,
  leastProbability: (below: readonly DrawnLine[]) => number | undefined,
  isStale: () => boolean,
): Promise<readonly DrawnLine[] | undefined> {
  const { session, clock } = drawing;
  const mix = await mixingAt(drawing, offset, (mostLinesBelow + 1) * (maxCharacters + 1));
  const lineFeed = tokenOf(session.vocabulary, 0x0a);
  const drawn = Array.from(encode(session.vocabulary, first.characters.join('')));
  const below: DrawnLine[] = [];
  for (let last = first; last.state !== undefined && below.length < mostLinesBelow;) {
    const least = leastProbability(below);
    if (least === undefined) break;
    drawn.push(lineFeed);
    const start = await clock.watch(session).step(Int32Array.of(lineFeed), last.state);
    const mixBelow: Mixing | undefined = mix && ((logits, more) => mix(logits, [...drawn, ...more]));
    const line = await drawLine(clock.watch(session), start, maxCharacters, isStale, mixBelow, least);
    if (line === undefined) return undefined;
    below.push((last = line));
    drawn.push(...encode(session.vocabulary, line.characters.join('')));
  }
  return below;
}

/** Asks the memory at the cursor and after every drawn character. Nothing is inserted meanwhile. */
async function mixingAt(
  { session, document, memory, clock }: Drawing,
  offset: number,
  maxCharacters: number,
): Promise<Mixing | undefined> {
  if (memory === undefined) return undefined;
  const { path, text } = document;
  const own = await clock.time('memoryMs', () => textMemoryOf(document, session).at(text, offset));
  const { tokens, end } = contextAtGap(own, maxCharacters);
  return (logits, drawn) => {
    tokens.set(drawn, end);
    clock.timeSync('memoryMs', () => memory.predict(tokens, end + drawn.length, own, path));
    return memory.mix(logits, 0);
  };
}
