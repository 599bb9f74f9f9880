import { otherToken } from '../text/vocabulary';
import { firstCandidates, longestMatch, matchLength, type TextChains } from './textChains';

/** Matches of at least these lengths are counted together. */
export const matchLevels = [3, 4, 6, 8, 12, 16, 24, 32] as const;

/** What followed the places of a text that match a context, by token and length of the match. */
export interface MatchCounts {
  /** Different tokens seen. */
  size: number;
  /** `[size]` */
  readonly tokens: Int32Array;
  /** `[size, levels]`: sum of the weights of the matches that are at least so long. */
  readonly weights: Float64Array;
  /** `[levels]`: the same over all tokens, and how many different ones there are. */
  readonly totals: Float64Array;
  readonly distinct: Int32Array;
  /** `[levels]`: slot of the token with the largest weight, the first one where several have it. */
  readonly mostFrequent: Int32Array;
  /** Slot of each token in `tokens`, valid where that slot holds the token. */
  readonly slots: Int32Array;
}

const levels = matchLevels.length;
const levelOfLength = Uint8Array.from({ length: longestMatch + 1 }, (_, length) =>
  Math.max(
    0,
    matchLevels.findLastIndex((least) => least <= length),
  ),
);

/** Places of a chain that are looked at, newest first; those left out by `from` and `to` cost less and may be three times as many. */
const maxCandidates = 96;
/** Fewer where longer matches were found, which say more: so many less for each. */
const lessForEach = 16;
const fewestCandidates = 16;
const maxSkipped = 3 * maxCandidates;

/** Counts of any number of texts. */
export function createMatchCounts(vocabularySize: number): MatchCounts {
  return {
    size: 0,
    tokens: new Int32Array(vocabularySize),
    weights: new Float64Array(vocabularySize * levels),
    totals: new Float64Array(levels),
    distinct: new Int32Array(levels),
    mostFrequent: new Int32Array(levels),
    slots: new Int32Array(vocabularySize),
  };
}

/** Forgets every match. */
export function clearCounts(counts: MatchCounts): void {
  counts.weights.fill(0, 0, counts.size * levels);
  counts.size = 0;
}

/** Chains of a text at most; by chain: 1 + the place that comes next, how many were left out, how many are gathered, and these. */
const mostChains = 4;
const nexts = new Uint32Array(mostChains);
const gathered = new Uint32Array(mostChains);
const skipped = new Uint32Array(mostChains);
const places = new Uint32Array(mostChains * maxCandidates);

/**
 * Adds the matches of one text, each in the longest chain that holds it, by the length of the match alone.
 * {@link finishCounts} makes them cumulative.
 * @param from,to positions in the text that are left out
 */
export function collectMatches(
  counts: MatchCounts,
  chains: TextChains,
  context: Int32Array,
  end: number,
  weight: number,
  from = 0,
  to = 0,
): void {
  const { tokens, lengths } = chains;
  firstCandidates(chains, context, end, nexts);
  gathered.fill(0);
  skipped.fill(0);
  // Each step along a chain waits for the main memory: where all chains are followed anyway they wait together.
  for (let wanted = 1; wanted <= fewestCandidates; wanted++) {
    for (let chain = 0; chain < lengths.length; chain++) gather(chains, chain, wanted, from, to);
  }
  let found = 0;
  for (let chain = lengths.length - 1; chain >= 0; chain--) {
    const least = lengths[chain]!;
    const limit = lengths[chain + 1] ?? longestMatch + 1;
    gather(chains, chain, Math.max(fewestCandidates, maxCandidates - lessForEach * found), from, to);
    const first = chain * maxCandidates;
    for (let index = first; index < first + gathered[chain]!; index++) {
      const position = places[index]!;
      const length = matchLength(chains, position, context, end);
      // Shorter: another context with the same hash. Longer: the next chain has it.
      if (length < least || length >= limit) continue;
      found++;
      const slot = slotOf(counts, tokens[position]!);
      counts.weights[slot * levels + levelOfLength[length]!]! += weight;
    }
  }
}

/** Follows a chain until so many of its places are gathered. */
function gather({ tokens, previous }: TextChains, chain: number, wanted: number, from: number, to: number): void {
  const links = previous[chain]!;
  let count = gathered[chain]!;
  let next = nexts[chain]!;
  while (next > 0 && count < wanted) {
    const position = next - 1;
    next = links[position]!;
    // Markers are never offered; a text that was replaced consists of them.
    if ((position >= from && position < to) || tokens[position]! < otherToken) {
      if (++skipped[chain]! > maxSkipped) next = 0;
    } else places[chain * maxCandidates + count++] = position;
  }
  gathered[chain] = count;
  nexts[chain] = next;
}

/** Adds the counts of another text, not cumulative yet, times a weight. */
export function addCounts(counts: MatchCounts, other: MatchCounts, weight: number): void {
  for (let slot = 0; slot < other.size; slot++) {
    const row = slotOf(counts, other.tokens[slot]!) * levels;
    for (let level = 0; level < levels; level++) {
      counts.weights[row + level]! += weight * other.weights[slot * levels + level]!;
    }
  }
}

/** Adds a match of a token at one level. */
export function addWeight(counts: MatchCounts, token: number, level: number, weight: number): void {
  const slot = slotOf(counts, token);
  counts.weights[slot * levels + level]! += weight;
}

function slotOf(counts: MatchCounts, token: number): number {
  const slot = counts.slots[token]!;
  if (slot < counts.size && counts.tokens[slot] === token) return slot;
  counts.tokens[counts.size] = token;
  return (counts.slots[token] = counts.size++);
}

/**
 * A match of 16 tokens is one of 12 and of 8 too: sums from the longest level downwards, then what is told of each level.
 * @param areNested false: the levels say different things, and none holds another one
 */
export function finishCounts(counts: MatchCounts, areNested = true): void {
  const { size, weights, totals, distinct, mostFrequent } = counts;
  totals.fill(0);
  distinct.fill(0);
  mostFrequent.fill(0);
  for (let slot = 0; slot < size; slot++) {
    let sum = 0;
    for (let level = levels - 1; level >= 0; level--) {
      sum = weights[slot * levels + level]! + (areNested ? sum : 0);
      weights[slot * levels + level] = sum;
      if (sum === 0) continue;
      totals[level]! += sum;
      distinct[level]! += 1;
      if (sum > weights[mostFrequent[level]! * levels + level]!) mostFrequent[level] = slot;
    }
  }
}
