import { expect, it, vi } from 'vitest';
import { createCandidateCache } from '../../../src/memory/code/candidateCache';

/** A token for each place, so that places have texts of their own. */
const tokens = Uint16Array.from({ length: 20_000 }, (_, place) => place);

it('finds again what was gathered at places of a line, however much is drawn behind the text', () => {
  const cache = createCandidateCache();
  const gather = vi.fn(() => ({ line: undefined, typed: [], live: [[]] }));
  const at = (place: number): object => cache.at(tokens, { base: 10_000, end: 10_000, place, isSame: false }, gather);
  const places = [10_000, 10_300, 10_600, 10_900];
  const first = places.map(at);
  expect(places.map(at)).toEqual(first);
  expect(gather).toHaveBeenCalledTimes(places.length);
});
