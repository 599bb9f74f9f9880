import { describe, expect, it } from 'vitest';
import { parseColumns, referenceOf } from '../../bench/usefulness/columns';
import { gainsOver, type Measured } from '../../bench/usefulness/measurement';
import { subsetByHash } from '../../bench/usefulness/workspaces';

describe('the columns of the usefulness benchmark', () => {
  it('are the memory, and networks from a start', () => {
    expect(parseColumns('memory,base:0,none:1.5')).toEqual([
      { name: 'memory', start: 'memory' },
      { name: 'base:0', start: 'base', minutes: 0 },
      { name: 'none:1.5', start: 'none', minutes: 1.5 },
    ]);
  });

  it.each(['', 'base', 'none:0', 'base:x', 'other:3'])('are not %j', (text) => {
    expect(() => parseColumns(text)).toThrow('A column is');
  });

  it('are compared with random weights', () => {
    expect(referenceOf(parseColumns('memory,base:3,none:3')).name).toBe('none:3');
    expect(referenceOf(parseColumns('base:0,base:3')).name).toBe('base:0');
  });
});

describe('a small workspace', () => {
  const documents = Array.from({ length: 40 }, (_, index) => ({
    path: `file${index}.ts`,
    text: 'x'.repeat(100 + index),
  }));

  it('is the same every time, whatever the order, and part of a larger one', () => {
    const small = subsetByHash(documents, 1_000);
    expect(subsetByHash(documents.toReversed(), 1_000)).toEqual(small);
    const paths = new Set(subsetByHash(documents, 2_000).map(({ path }) => path));
    expect(small.every(({ path }) => paths.has(path))).toBe(true);
    const bytes = small.reduce((sum, { text }) => sum + text.length, 0);
    expect(bytes).toBeGreaterThanOrEqual(1_000);
    expect(bytes).toBeLessThan(1_200);
  });
});

describe('what a column gains', () => {
  /** @param keys of each line of ten characters */
  const measured = (nats: number[], exact: boolean[], keys: number[]): Measured =>
    ({
      files: nats.map((value, index) => ({ path: `${index}`, characters: 100, nats: value })),
      completions: {
        samples: { exact, lines: keys.map((line) => ({ characters: 10, keystrokes: { line, word: line } })) },
      },
    }) as unknown as Measured;

  it('is paired: what both share is no noise', () => {
    const reference = measured([1, 2, 3], [true, false, false], [10, 2, 6]);
    const better = measured([0.9, 1.9, 2.9], [true, true, false], [9, 1, 5]);
    const { bits, exact, saved } = gainsOver(reference, better);
    expect(bits.value).toBeCloseTo(0.1 / Math.LN2, 12);
    expect(bits.standardError).toBeCloseTo(0, 12);
    expect(exact.value).toBeCloseTo(1 / 3, 12);
    expect(exact.standardError).toBeGreaterThan(0.3);
    expect(saved.line.value).toBeCloseTo(0.1, 12);
    expect(saved.line.standardError).toBeCloseTo(0, 12);
  });

  it('is below nothing where it is worse', () => {
    const { bits } = gainsOver(measured([1], [true], [5]), measured([2], [true], [5]));
    expect(bits.value).toBeLessThan(0);
  });
});
