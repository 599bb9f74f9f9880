import type { DrawnLine, Mixing } from './drawnLine';
import { createLineTree, type Beginning, type Follower, type LineTree } from './lineTree';
import { createPacer, type Position } from './readPrefix';
import type { ModelSession } from './session';

/** How a line is drawn. */
export interface LineOptions {
  readonly maxCharacters: number;
  /** Aborted by whoever does not want it any more. */
  readonly signal: AbortSignal;
  /** By default nothing is mixed in. */
  readonly mix?: Mixing;
}

/** A line that ends, and the probability of all of it. */
interface WholeLine {
  readonly beginning: Beginning;
  readonly ends: Follower;
  readonly probability: number;
}

/**
 * Greedy decoding to the end of the line: always the most probable character. Stops too where a code point outside the
 * vocabulary is the most probable one, at `maxCharacters`, and where the line's probability falls below `least`. Markers are
 * no characters and are masked.
 * @returns undefined where it was aborted
 */
export async function drawLine(
  session: ModelSession,
  start: Position,
  options: LineOptions,
  least = 0,
): Promise<DrawnLine | undefined> {
  const tree = createLineTree(session, start, options.mix ?? unmixed);
  const drawn = await drawGreedily(tree, options, least);
  return drawn && tree.lineOf(drawn.beginning, drawn.ends);
}

/** A whole line as probable as this is the most probable one. */
const surelyBest = 0.5;
/** Beginnings of one length that are followed. */
const width = 3;
/** Less probable lines are never offered. */
const leastProbability = 1e-3;

/**
 * The most probable line as far as a beam search finds it, with the one that is drawn greedily as its alternative where that is
 * another one: a first character that is most probable may begin a line that is not.
 * @returns undefined where it was aborted
 */
export async function drawLineAhead(
  session: ModelSession,
  start: Position,
  options: LineOptions,
): Promise<DrawnLine | undefined> {
  const tree = createLineTree(session, start, options.mix ?? unmixed);
  const greedy = await drawGreedily(tree, options, 0);
  if (greedy === undefined) return undefined;
  const line = tree.lineOf(greedy.beginning, greedy.ends);
  const probability = greedy.ends === undefined ? 0 : greedy.beginning.probability * greedy.ends.probability;
  if (probability >= surelyBest) return line;
  const lines = await search(tree, options, { width, count: 1, least: Math.max(leastProbability, probability) });
  if (lines === undefined) return undefined;
  const [best] = lines;
  return best === undefined ? line : { ...tree.lineOf(best.beginning, best.ends), alternative: line };
}

/** Beginnings that are followed for several lines, whatever their number. */
const widthForSeveral = 8;

/**
 * Different lines that are not empty, the most probable first.
 * @param count so many at most
 * @returns undefined where it was aborted
 */
export async function drawSeveral(
  session: ModelSession,
  start: Position,
  options: LineOptions,
  count: number,
): Promise<DrawnLine[] | undefined> {
  const tree = createLineTree(session, start, options.mix ?? unmixed);
  const lines = await search(tree, options, { width: widthForSeveral, count, least: leastProbability });
  return lines?.map(({ beginning, ends }) => tree.lineOf(beginning, ends));
}

/** The network alone. */
export const unmixed: Mixing = (logits) => logits;

async function drawGreedily(
  tree: LineTree,
  { maxCharacters, signal }: LineOptions,
  least: number,
): Promise<{ beginning: Beginning; ends: Follower | undefined } | undefined> {
  const pace = createPacer();
  for (let beginning = tree.root; ;) {
    const follower = beginning.followers[0]!;
    const kind = beginning.probability * follower.probability < least ? 'unknown' : tree.kindOf(follower);
    if (kind === 'end') return { beginning, ends: follower };
    if (kind === 'unknown' || beginning.drawn.length === maxCharacters) return { beginning, ends: undefined };
    await pace();
    if (signal.aborted) return undefined;
    beginning = await tree.extend(beginning, follower);
  }
}

interface SearchOptions {
  readonly width: number;
  /** Lines that are looked for. */
  readonly count: number;
  /** They are more probable than this. */
  readonly least: number;
}

/** A beam search: of all beginnings of one length the most probable are followed, as long as they can end as one of the best. */
async function search(
  tree: LineTree,
  { maxCharacters, signal }: LineOptions,
  { width, count, least }: SearchOptions,
): Promise<WholeLine[] | undefined> {
  const best: WholeLine[] = [];
  const bound = (): number => Math.max(least, best[count - 1]?.probability ?? 0) * (1 + 1e-9);
  const pace = createPacer();
  let beam: Beginning[] = [tree.root];
  for (let length = 0; beam.length > 0; length++) {
    const all = beam.flatMap((from) => from.followers.map((follower) => longerBy(from, follower)));
    for (const { from, follower, probability } of all) {
      // That nothing follows is no line to offer.
      if (tree.kindOf(follower) !== 'end' || length === 0 || probability <= bound()) continue;
      insert(best, { beginning: from, ends: follower, probability }, count);
    }
    const longer = all.filter(({ follower }) => tree.kindOf(follower) === 'character' && length < maxCharacters);
    longer.sort((a, b) => b.probability - a.probability);
    beam = [];
    for (const { from, follower, probability } of longer.slice(0, width)) {
      if (probability <= bound()) break;
      await pace();
      if (signal.aborted) return undefined;
      beam.push(await tree.extend(from, follower));
    }
  }
  return best;
}

function longerBy(from: Beginning, follower: Follower): { from: Beginning; follower: Follower; probability: number } {
  return { from, follower, probability: from.probability * follower.probability };
}

/** Keeps the lines in order, so many at most; a line that may end in two ways is one. */
function insert(lines: WholeLine[], line: WholeLine, count: number): void {
  if (lines.some(({ beginning }) => beginning === line.beginning)) return;
  const at = lines.findIndex(({ probability }) => probability < line.probability);
  lines.splice(at < 0 ? lines.length : at, 0, line);
  if (lines.length > count) lines.pop();
}
