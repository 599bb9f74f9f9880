import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createChangedPaths } from '../../src/editors/changedPaths';

let told: (readonly string[] | null)[];
let changed: ReturnType<typeof createChangedPaths>;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  changed = createChangedPaths((paths) => void told.push(paths));
});
afterEach(() => void vi.useRealTimers());

it('tells of a crowd of changes once, when they have come to rest', () => {
  for (const path of ['a.ts', 'b.ts', 'a.ts']) {
    changed.add(path);
    vi.advanceTimersByTime(900);
  }
  expect(told).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(told).toEqual([['a.ts', 'b.ts']]);
  changed.add('c.ts');
  vi.advanceTimersByTime(1_000);
  expect(told.at(-1)).toEqual(['c.ts']);
});

it('tells of changes that never rest every ten seconds', () => {
  for (let count = 0; count < 50; count++) {
    changed.add(`${count % 3}.log`);
    vi.advanceTimersByTime(500);
  }
  expect(told.map((paths) => paths?.toSorted())).toEqual([
    ['0.log', '1.log', '2.log'],
    ['0.log', '1.log', '2.log'],
  ]);
});

it('names no more than ten thousand files', () => {
  for (let count = 0; count < 10_000; count++) changed.add(`${count}.ts`);
  vi.advanceTimersByTime(1_000);
  expect(told[0]).toHaveLength(10_000);
  for (let count = 0; count < 10_001; count++) changed.add(`${count}.ts`);
  vi.advanceTimersByTime(1_000);
  expect(told[1]).toBeNull();
});

it('tells nothing any more once it is disposed of', () => {
  changed.add('a.ts');
  changed.dispose();
  vi.advanceTimersByTime(20_000);
  expect(told).toEqual([]);
});
