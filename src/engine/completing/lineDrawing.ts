import { encode, tokenOf, type Vocabulary } from '../../text/vocabulary';
import type { DrawnLine, Mixing } from '../../inference/drawnLine';
import { drawLine, drawLineAhead, drawSeveral, type LeastProbabilities } from '../../inference/lineSearch';
import { createLineTree, rootAt, unmixed, type LineNode, type LineTree } from '../../inference/lineTree';
import { createPacer, type Position } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import { inVocabulary, type Translation } from '../../inference/translation';
import type { DocumentMemory } from '../../memory/documentMemory';
import { contextAtGap, type LanguageMemory } from '../../memory/languageMemory';
import type { CompletionRequest } from '../../protocol/engine';
import { createClock, type Clock } from './completionClock';
import { amongMembers, nameStart } from './knownMembers';
import { prefixStatesOf, textMemoryOf, type EngineDocument } from '../documents/engineDocuments';
import { drawnVocabulary, nodeAt } from '../documents/keptTree';

/** What draws, in which document. */
export interface Drawing {
  readonly session: ModelSession;
  readonly document: EngineDocument;
  /** Mixed into every character's distribution; undefined: the network alone. */
  readonly memory: LanguageMemory | undefined;
  readonly clock: Clock;
}

/**
 * The rest of the cursor's line as network and memory write it. What was drawn of it before is not drawn again, where the document
 * says what stands there, unless the request is an exact one.
 * @param least what is less probable is of no use
 * @returns undefined where it was aborted
 */
export async function drawAtCursor(
  drawing: Drawing,
  request: LineRequest,
  signal: AbortSignal,
  least?: LeastProbabilities,
): Promise<DrawnLine | undefined> {
  const { document } = drawing;
  const { offset, maxCharacters } = request;
  const tree = await treeAtCursor(drawing, request, signal);
  const kept = document.drawn;
  const line = tree && (await drawLineAhead(tree, maxCharacters, least));
  // What is typed meanwhile may go on in the tree, and is drawn for by who asks then.
  if (line !== undefined && kept !== undefined && document.drawn === kept) {
    document.drawn = { ...kept, last: { offset, line } };
  }
  return line;
}

type LineRequest = Pick<CompletionRequest, 'offset' | 'maxCharacters' | 'exact' | 'members'>;

/**
 * Different lines that may stand at the cursor, the most probable first.
 * @param count so many at most
 * @returns undefined where it was aborted
 */
export async function drawLinesAtCursor(
  drawing: Drawing,
  request: LineRequest,
  count: number,
  signal: AbortSignal,
): Promise<DrawnLine[] | undefined> {
  const tree = await treeAtCursor(drawing, request, signal);
  return tree && drawSeveral(tree, request.maxCharacters, count);
}

/** The beginnings of what may stand at the cursor; undefined where it was aborted. The document keeps them. */
async function treeAtCursor(
  drawing: Drawing,
  request: LineRequest,
  signal: AbortSignal,
): Promise<LineTree | undefined> {
  const { document, session, memory } = drawing;
  const { offset, exact = false, members } = request;
  const kept = document.drawn;
  const membersAt = members && nameStart(document.text, offset);
  const isSame = kept?.session === session && kept.memory === memory;
  const knowsMembers = members === undefined || kept?.membersAt === membersAt;
  const node = isSame && knowsMembers && !exact ? nodeAt(kept, offset) : undefined;
  const begun = await begin(drawing, request, signal, node);
  if (begun === undefined) return undefined;
  if (node === undefined) {
    const typed = [{ offset, node: begun.tree.root.node }];
    document.drawn = { session, memory, membersAt, typed };
  }
  return begun.tree;
}

/**
 * The beginnings of what may stand at an offset, and the vocabulary that they are in.
 * @param root where they begin, where that was drawn before
 * @returns undefined where it was aborted
 */
async function begin(
  drawing: Drawing,
  { offset, maxCharacters, exact = false, members }: LineRequest,
  signal: AbortSignal,
  root?: LineNode,
): Promise<{ tree: LineTree; vocabulary: Vocabulary } | undefined> {
  const { document, clock } = drawing;
  const { session, translate } = speaking(drawing);
  const readTo = (): Promise<Position | undefined> =>
    prefixStatesOf(document, drawing.session).positionAt(document.text, offset, signal, exact);
  const position = root ?? (await clock.time('prefixMs', readTo));
  if (position === undefined) return undefined;
  const mixed = await mixingAt(drawing, offset, maxCharacters);
  if (signal.aborted) return undefined;
  const begun = document.text.slice(nameStart(document.text, offset), offset);
  const mix = members === undefined ? mixed : amongMembers(mixed, session.vocabulary, begun, members);
  const start = 'logits' in position ? rootAt({ ...position, logits: translate(position.logits) }, mix) : position;
  const tree = createLineTree(clock.watch(session), start, mix, signal);
  return { tree, vocabulary: session.vocabulary };
}

/**
 * The beginnings of what may stand at any offset, and the vocabulary that they are in.
 * @returns undefined where it was aborted
 */
export function treeAt(
  drawing: Omit<Drawing, 'clock'>,
  offset: number,
  maxCharacters: number,
  signal: AbortSignal,
): Promise<{ tree: LineTree; vocabulary: Vocabulary } | undefined> {
  return begin({ ...drawing, clock: createClock() }, { offset, maxCharacters }, signal);
}

/** The network in the vocabulary that lines are drawn in. */
function speaking(drawing: Drawing): Translation {
  return inVocabulary(drawing.session, drawnVocabulary(drawing));
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
    const mixBelow: Mixing = (logits, more) => mix(logits, [...drawn, ...more]);
    const line = await drawLine(clock.watch(session), start, { maxCharacters, signal, mix: mixBelow }, least);
    if (line === undefined) return undefined;
    below.push((last = line));
    drawn.push(...encode(session.vocabulary, line.characters.join('')));
  }
  return below;
}

/** Asks the memory at the cursor and after every drawn character. Nothing is inserted meanwhile. */
async function mixingAt({ document, memory, clock }: Drawing, offset: number, maxCharacters: number): Promise<Mixing> {
  if (memory === undefined) return unmixed;
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
