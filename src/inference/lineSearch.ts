import type { DrawnLine, Mixing } from './drawnLine';
import { createLineTree, rootAt, unmixed, type Beginning, type Follower, type LineTree } from './lineTree';
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

/** How probable what is looked for has to be: nothing else can be of use. */
export interface LeastProbabilities {
  /** All of a line, its end included. */
  readonly line: number;
  /** A beginning of the greedy one. */
  readonly beginning: number;
}

/** All of the greedy line, and every other one that is ever offered. */
export const everything: LeastProbabilities = { line: 1e-3, beginning: 0 };

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
  { maxCharacters, signal, mix = unmixed }: LineOptions,
  least = 0,
): Promise<DrawnLine | undefined> {
  const tree = createLineTree(session, rootAt(start, mix), mix, signal);
  const drawn = await drawGreedily(tree, maxCharacters, least);
  if (drawn === undefined) return undefined;
  const { beginning, ends } = drawn;
  return tree.lineOf(beginning, ends && probabilityWith(beginning, ends) >= least ? ends : undefined);
}

/** A whole line as probable as this is the most probable one. */
const surelyBest = 0.5;
/** Beginnings of one length that are followed. */
const width = 3;

/**
 * The most probable line as far as a beam search finds it, with the one that is drawn greedily as its alternative where that is
 * another one: a first character that is most probable may begin a line that is not.
 * @param least looks for no line that is less probable, and draws the greedy one up to where it is less probable as a beginning:
 * what is more probable is the same with any
 * @returns undefined where it was aborted
 */
export async function drawLineAhead(
  tree: LineTree,
  maxCharacters: number,
  least = everything,
): Promise<DrawnLine | undefined> {
  const greedy = await drawGreedily(tree, maxCharacters, Math.min(least.beginning, least.line));
  if (greedy === undefined) return undefined;
  const { beginning, ends } = greedy;
  const line = tree.lineOf(beginning, ends);
  const probability = ends === undefined ? 0 : probabilityWith(beginning, ends);
  if (probability >= surelyBest) return line;
  const more = Math.max(everything.line, least.line, probability);
  const lines = await search(tree, { maxCharacters, width, count: 1, least: more });
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
  tree: LineTree,
  maxCharacters: number,
  count: number,
): Promise<DrawnLine[] | undefined> {
  const lines = await search(tree, { maxCharacters, width: widthForSeveral, count, least: everything.line });
  return lines?.map(({ beginning, ends }) => tree.lineOf(beginning, ends));
}

function probabilityWith(beginning: Beginning, follower: Follower): number {
  return beginning.probability * follower.probability;
}

/** Goes on while the beginning is as probable as `least`: what follows its last character is known even where it is not followed. */
async function drawGreedily(
  tree: LineTree,
  maxCharacters: number,
  least: number,
): Promise<{ beginning: Beginning; ends: Follower | undefined } | undefined> {
  const pace = createPacer();
  for (let beginning = tree.root; ;) {
    const follower = beginning.node.followers[0]!;
    const kind = tree.kindOf(follower);
    if (kind === 'end') return { beginning, ends: follower };
    const isLast = beginning.probability < least || beginning.drawn.length === maxCharacters;
    if (kind === 'unknown' || isLast) return { beginning, ends: undefined };
    await pace();
    const longer = await tree.extend(beginning, follower);
    if (longer === undefined) return undefined;
    beginning = longer;
  }
}

interface SearchOptions {
  readonly maxCharacters: number;
  readonly width: number;
  /** Lines that are looked for. */
  readonly count: number;
  /** They are more probable than this. */
  readonly least: number;
}

/** A beam search: of all beginnings of one length the most probable are followed, as long as they can end as one of the best. */
async function search(
  tree: LineTree,
  { maxCharacters, width, count, least }: SearchOptions,
): Promise<WholeLine[] | undefined> {
  const best: WholeLine[] = [];
  const bound = (): number => Math.max(least, best[count - 1]?.probability ?? 0) * (1 + 1e-9);
  const pace = createPacer();
  let beam: Beginning[] = [tree.root];
  for (let length = 0; beam.length > 0; length++) {
    const all = beam.flatMap((from) => from.node.followers.map((follower) => longerBy(from, follower)));
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
      const beginning = await tree.extend(from, follower);
      if (beginning === undefined) return undefined;
      beam.push(beginning);
    }
  }
  return best;
}

function longerBy(from: Beginning, follower: Follower): { from: Beginning; follower: Follower; probability: number } {
  return { from, follower, probability: probabilityWith(from, follower) };
}

/** Keeps the lines in order, so many at most; a line that may end in two ways is one. */
function insert(lines: WholeLine[], line: WholeLine, count: number): void {
  if (lines.some(({ beginning }) => beginning === line.beginning)) return;
  const at = lines.findIndex(({ probability }) => probability < line.probability);
  lines.splice(at < 0 ? lines.length : at, 0, line);
  if (lines.length > count) lines.pop();
}
