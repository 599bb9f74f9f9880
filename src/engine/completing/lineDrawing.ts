import { encode, tokenOf, type Vocabulary } from '../../text/vocabulary';
import type { DrawnLine, Mixing } from '../../inference/drawnLine';
import { drawLine, drawLineAhead, drawSeveral, unmixed, type LineOptions } from '../../inference/lineSearch';
import { createLineTree, type LineTree } from '../../inference/lineTree';
import { createPacer, type Position } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import { inVocabulary, type Translation } from '../../inference/translation';
import type { DocumentMemory } from '../../memory/documentMemory';
import { contextAtGap, type LanguageMemory } from '../../memory/languageMemory';
import type { CompletionRequest } from '../../protocol/engine';
import { createClock, type Clock } from './completionClock';
import { amongMembers, nameStart } from './knownMembers';
import { prefixStatesOf, textMemoryOf, type EngineDocument } from '../documents/engineDocuments';
import { isLongEnough, type KeptLine } from '../documents/keptLine';

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
 * @returns undefined where it was aborted
 */
export async function drawAtCursor(
  drawing: Drawing,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<DrawnLine | undefined> {
  const { session, document, memory } = drawing;
  const { offset, maxCharacters, exact = false, members } = request;
  const kept = document.drawn;
  const origin = { session, memory, maxCharacters, offset };
  const membersAt = members && nameStart(document.text, offset);
  const isKept = kept !== undefined && isLongEnough(kept) && isSame(kept, origin);
  if (!exact && isKept && (members === undefined || kept.membersAt === membersAt)) return kept.line;
  const line = await drawAnew(drawing, request, signal);
  if (line !== undefined && !signal.aborted) {
    const isWhole = [line, line.alternative ?? line].every(({ characters }) => characters.length < maxCharacters);
    document.drawn = { ...origin, membersAt, line, isWhole };
  }
  return line;
}

type Origin = Omit<KeptLine, 'line' | 'isWhole' | 'membersAt'>;

function isSame(kept: KeptLine, { session, memory, maxCharacters, offset }: Origin): boolean {
  return (
    kept.session === session && kept.memory === memory && kept.maxCharacters === maxCharacters && kept.offset === offset
  );
}

async function drawAnew(
  drawing: Drawing,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<DrawnLine | undefined> {
  const begun = await begin(drawing, request, signal);
  return begun && drawLineAhead(begun.session, begun.start, begun.options);
}

/**
 * Different lines that may stand at the cursor, the most probable first.
 * @param count so many at most
 * @returns undefined where it was aborted
 */
export async function drawLinesAtCursor(
  drawing: Drawing,
  request: CompletionRequest,
  count: number,
  signal: AbortSignal,
): Promise<DrawnLine[] | undefined> {
  const begun = await begin(drawing, request, signal);
  return begun && drawSeveral(begun.session, begun.start, begun.options, count);
}

/** What lines are drawn with from the cursor on; undefined where it was aborted. */
async function begin(
  drawing: Drawing,
  {
    offset,
    maxCharacters,
    exact = false,
    members,
  }: Pick<CompletionRequest, 'offset' | 'maxCharacters' | 'exact' | 'members'>,
  signal: AbortSignal,
): Promise<{ session: ModelSession; start: Position; options: LineOptions } | undefined> {
  const { document, clock } = drawing;
  const states = prefixStatesOf(document, drawing.session);
  const position = await clock.time('prefixMs', () => states.positionAt(document.text, offset, signal, exact));
  if (position === undefined) return undefined;
  const { session, translate } = speaking(drawing);
  const start = { ...position, logits: translate(position.logits) };
  const mixed = await mixingAt(drawing, offset, maxCharacters);
  const begun = document.text.slice(nameStart(document.text, offset), offset);
  const mix = members === undefined ? mixed : amongMembers(mixed ?? unmixed, session.vocabulary, begun, members);
  return { session: clock.watch(session), start, options: { maxCharacters, signal, ...(mix && { mix }) } };
}

/**
 * The beginnings of what may stand at an offset, and the vocabulary that they are in.
 * @returns undefined where it was aborted
 */
export async function treeAt(
  drawing: Omit<Drawing, 'clock'>,
  offset: number,
  maxCharacters: number,
  signal: AbortSignal,
): Promise<{ tree: LineTree; vocabulary: Vocabulary } | undefined> {
  const begun = await begin({ ...drawing, clock: createClock() }, { offset, maxCharacters }, signal);
  if (begun === undefined) return undefined;
  const { session, start, options } = begun;
  const tree = createLineTree(session, start, options.mix ?? unmixed);
  return { tree, vocabulary: session.vocabulary };
}

/** Lines are drawn in the vocabulary of the memory: it knows characters of the workspace that the network may not know. */
function speaking({ session, memory }: Drawing): Translation {
  return inVocabulary(session, memory?.vocabulary ?? session.vocabulary);
}

/** Lines below the cursor's that are drawn at most. */
const mostLinesBelow = 8;

/**
 * The lines below the one that was drawn at the cursor, as network and memory write them.
 * @param leastProbability asked before each with those that are there: a line that is less probable is broken off, and the last
 * one; undefined: that there shall be no other
 * @returns undefined where it was aborted
 */
export async function drawBelow(
  drawing: Drawing,
  first: DrawnLine,
  { offset, maxCharacters }: CompletionRequest,
  leastProbability: (below: readonly DrawnLine[]) => number | undefined,
  signal: AbortSignal,
): Promise<readonly DrawnLine[] | undefined> {
  const { clock } = drawing;
  const { session } = speaking(drawing);
  const mix = await mixingAt(drawing, offset, (mostLinesBelow + 1) * (maxCharacters + 1));
  const lineFeed = tokenOf(session.vocabulary, 0x0a);
  const drawn = Array.from(encode(session.vocabulary, first.characters.join('')));
  const below: DrawnLine[] = [];
  for (let last = first; last.state !== undefined && below.length < mostLinesBelow;) {
    const least = leastProbability(below);
    if (least === undefined) break;
    drawn.push(lineFeed);
    const start = await clock.watch(session).step(Int32Array.of(lineFeed), last.state);
    const mixBelow = mix && {
      mix: (logits: Float32Array, more: readonly number[]) => mix(logits, [...drawn, ...more]),
    };
    const line = await drawLine(clock.watch(session), start, { maxCharacters, signal, ...mixBelow }, least);
    if (line === undefined) return undefined;
    below.push((last = line));
    drawn.push(...encode(session.vocabulary, line.characters.join('')));
  }
  return below;
}

/** Asks the memory at the cursor and after every drawn character. Nothing is inserted meanwhile. */
async function mixingAt(
  { document, memory, clock }: Drawing,
  offset: number,
  maxCharacters: number,
): Promise<Mixing | undefined> {
  if (memory === undefined) return undefined;
  const { path, text } = document;
  const own = await clock.time('memoryMs', () => textMemoryOf(document, memory.vocabulary).at(text, offset));
  await clock.time('memoryMs', () => readAll(memory, own, path));
  const { tokens, end } = contextAtGap(own, maxCharacters);
  return (logits, drawn) => {
    tokens.set(drawn, end);
    clock.timeSync('memoryMs', () => memory.predict(tokens, end + drawn.length, own, path, drawn.length));
    return memory.mix(logits, 0);
  };
}

/** Reads what has changed in a document, others' turns between. */
async function readAll(memory: LanguageMemory, document: DocumentMemory, path: string): Promise<void> {
  const pace = createPacer();
  while (!memory.read(document, path)) await pace();
}
