import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import {
  clearCounts,
  collectMatches,
  createMatchCounts,
  finishCounts,
  matchLevels,
} from '../../src/memory/matchCounts';
import { addToken, createTextChains, longestMatch } from '../../src/memory/textChains';
import { randomTokens, seeds, vocabulary } from './memoryText';

/** Rare enough that no chain is longer than what is looked at. */
function indexed(tokens: Int32Array, direction: -1 | 1) {
  const chains = createTextChains(direction, vocabulary.size, 14, 16);
  for (const token of direction < 0 ? tokens : tokens.toReversed()) addToken(chains, token);
  return chains;
}

/** Every place of the text compared with the context, one by one. */
function countedByHand(text: Int32Array, context: Int32Array): Map<string, number> {
  const found = new Map<string, number>();
  for (let position = 0; position < text.length; position++) {
    let length = 0;
    while (
      length < Math.min(longestMatch, context.length, position) &&
      text[position - 1 - length] === context[context.length - 1 - length]
    ) {
      length++;
    }
    for (const [level, least] of matchLevels.entries()) {
      const key = `${level} ${text[position]!}`;
      if (length >= least) found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  return found;
}

it.each(seeds.flatMap(({ seed }) => [-1 as const, 1 as const].map((direction) => ({ seed, direction }))))(
  'finds what a search through the whole text finds (seed $seed, direction $direction)',
  ({ seed, direction }) => {
    const random = createRandom(seed + 100);
    const tokens = randomTokens(random, 60);
    const text = Int32Array.from([...tokens, ...randomTokens(random, 10), ...tokens.subarray(40)]);
    const chains = indexed(text, direction);
    const counts = createMatchCounts(vocabulary.size);
    for (let end = 3; end < tokens.length; end += 5) {
      const context = tokens.subarray(0, end);
      clearCounts(counts);
      collectMatches(counts, chains, context, context.length, 1);
      finishCounts(counts);
      const found = new Map<string, number>();
      for (let slot = 0; slot < counts.size; slot++) {
        for (const level of matchLevels.keys()) {
          const weight = counts.weights[slot * matchLevels.length + level]!;
          if (weight > 0) found.set(`${level} ${counts.tokens[slot]!}`, weight);
        }
      }
      const expected = countedByHand(text, context);
      if (Math.max(...expected.values()) <= 16) expect(found).toEqual(expected);
      const totals = matchLevels.map((_, level) =>
        [...found].reduce((sum, [key, weight]) => sum + (key.startsWith(`${level} `) ? weight : 0), 0),
      );
      expect(Array.from(counts.totals)).toEqual(totals);
    }
  },
);
