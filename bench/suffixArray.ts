import { otherToken } from '../src/text/vocabulary';
import { matchLevels, type MatchCounts } from '../src/memory/matchCounts';
import { longestMatch } from '../src/memory/textChains';

/** The places of a text in the order of what stands before them, the nearest token first: those that match a context adjoin. */
export interface SuffixArray {
  /** Adds what followed the context, as matches of exactly the lengths in `matchLevels`. */
  readonly collect: (counts: MatchCounts, context: Int32Array, end: number) => void;
  readonly bytes: number;
}

const levels = matchLevels.length;

/** @param mostPlaces that a level adds to the longer ones; of more, as many are counted at equal distances */
export function createSuffixArray(tokens: Uint16Array, vocabularySize: number, mostPlaces: number): SuffixArray {
  const places = sortedPlaces(tokens, vocabularySize);
  const following = Uint16Array.from(places, (place) => tokens[place]!);
  const froms = new Int32Array(levels);
  const tos = new Int32Array(levels);

  /** The first of the places from `low` to `high` whose token `back` before them is at least so large. */
  function bound(low: number, high: number, back: number, token: number): number {
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((tokens[places[middle]! - back] ?? -1) < token) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the matches of each level stand; how many levels have any. */
  function findIntervals(context: Int32Array, end: number): number {
    let [low, high, level] = [0, places.length, 0];
    for (let back = 1; back <= Math.min(longestMatch, end); back++) {
      const token = context[end - back]!;
      low = bound(low, high, back, token);
      high = bound(low, high, back, token + 1);
      if (low === high) break;
      if (back === matchLevels[level]) [froms[level], tos[level++]] = [low, high];
    }
    return level;
  }

  function count(counts: MatchCounts, level: number, token: number): void {
    if (token < otherToken) return;
    let slot = counts.slots[token]!;
    if (slot >= counts.size || counts.tokens[slot] !== token) {
      slot = counts.slots[token] = counts.size++;
      counts.tokens[slot] = token;
    }
    counts.weights[slot * levels + level]! += 1;
  }

  return {
    collect(counts, context, end) {
      const found = findIntervals(context, end);
      for (let level = 0; level < found; level++) {
        const [from, to] = [froms[level]!, tos[level]!];
        // The next level's matches stand in the middle of this one's.
        const [innerFrom, innerTo] = level + 1 < found ? [froms[level + 1]!, tos[level + 1]!] : [to, to];
        const outer = to - from - (innerTo - innerFrom);
        const counted = Math.min(outer, mostPlaces);
        for (let index = 0; index < counted; index++) {
          const at = from + Math.floor(((index + 0.5) * outer) / counted);
          count(counts, level, following[at < innerFrom ? at : at + innerTo - innerFrom]!);
        }
      }
    },
    bytes: tokens.byteLength + places.byteLength + following.byteLength,
  };
}

/** Places sorted by the {@link longestMatch} tokens before them, by doubling the length that they are sorted by. */
function sortedPlaces(tokens: Uint16Array, vocabularySize: number): Uint32Array {
  const { length } = tokens;
  // Rank by one token before: 0 where there is none.
  let ranks = Uint32Array.from(tokens, (_, place) => (place === 0 ? 0 : tokens[place - 1]! + 1));
  let ranksUsed = vocabularySize + 1;
  let places = sortBy(
    Uint32Array.from(tokens, (_, place) => place),
    (place) => ranks[place]!,
    ranksUsed,
  );
  for (let sorted = 1; sorted < longestMatch; sorted *= 2) {
    const earlier = (place: number): number => (place < sorted ? 0 : ranks[place - sorted]! + 1);
    places = sortBy(places, earlier, ranksUsed + 1);
    places = sortBy(places, (place) => ranks[place]!, ranksUsed);
    const next = new Uint32Array(length);
    for (let index = 1; index < length; index++) {
      const [place, last] = [places[index]!, places[index - 1]!];
      const differs = ranks[place] !== ranks[last] || earlier(place) !== earlier(last);
      next[place] = next[last]! + Number(differs);
    }
    ranks = next;
    ranksUsed = ranks[places[length - 1]!]! + 1;
  }
  return places;
}

/** A stable counting sort. */
function sortBy(places: Uint32Array, keyOf: (place: number) => number, keys: number): Uint32Array {
  const starts = new Uint32Array(keys + 1);
  for (const place of places) starts[keyOf(place) + 1]! += 1;
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(places.length);
  for (const place of places) sorted[starts[keyOf(place)]!++] = place;
  return sorted;
}
