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
    if (drawn.length > 0) tokens[end + drawn.length - 1] = drawn.at(-1)!;
    clock.timeSync('memoryMs', () => memory.predict(tokens, end + drawn.length, own, path));
    return memory.mix(logits, 0);
  };
}
