import type { Candidate } from './codeCandidates';
import type { LineBegin } from './continuation';

/** What was gathered for a place between two code tokens. */
export interface Gathered {
  /** Where the place begins a line. */
  readonly line: LineBegin | undefined;
  /** Characters behind the place that were asked for last. */
  typed: ArrayLike<number>;
  /** By number of these characters: the candidates that begin with so many of them. */
  readonly live: Candidate[][];
}

export interface AskedPlace {
  /** Characters of the text that are known not to have changed since the last call. */
  readonly base: number;
  /** Characters of the text now; what is drawn stands behind them. */
  readonly end: number;
  /** Where the next code token would begin. */
  readonly place: number;
  /** Whether nothing before it has changed since the last call. */
  readonly isSame: boolean;
}

/**
 * What was gathered at places of one text: whoever types what was drawn, or draws another line that begins alike, finds it
 * again.
 */
export interface CandidateCache {
  at(tokens: Uint16Array | Uint32Array, asked: AskedPlace, gather: () => Gathered): Gathered;
  clear(): void;
}

const mostPlaces = 48;
/** Text that a key may hold, beside what is drawn: keys stay short however long the document is. */
const mostCharacters = 256;

export function createCandidateCache(): CandidateCache {
  const places = new Map<string, Gathered>();
  let last: Gathered | undefined;
  /** What stands before it has not changed since the cache was empty. */
  let start = 0;

  function clear(): void {
    places.clear();
    last = undefined;
  }

  return {
    at(tokens, { base, end, place, isSame }, gather) {
      if (base < start || end > start + mostCharacters || places.size >= mostPlaces) clear();
      if (isSame && last !== undefined) return last;
      // Where little is known to be unchanged, as in a document that is asked about for the first time, what is now counts.
      if (places.size === 0) start = Math.max(base, end - mostCharacters);
      const key = `${place - start} ${keyOf(tokens, start, place)}`;
      last = places.get(key) ?? gather();
      places.set(key, last);
      return last;
    },
    clear,
  };
}

function keyOf(tokens: Uint16Array | Uint32Array, from: number, to: number): string {
  const between = tokens.subarray(from, Math.max(from, to));
  return between instanceof Uint16Array ? String.fromCharCode(...between) : between.join();
}
