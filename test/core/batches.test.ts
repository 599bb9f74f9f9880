import { describe, expect, it } from 'vitest';
import { createBatches, type Batches } from '../../src/core/batches';
import type { Window } from '../../src/core/window';

/** Documents of the given lengths whose tokens are all different. */
function distinctDocuments(lengths: readonly number[]): Int32Array[] {
  let next = 0;
  return lengths.map((length) => Int32Array.from({ length }, () => next++));
}

function epoch(batches: Batches): Window[] {
  return Array.from({ length: batches.windowsPerEpoch }, () => batches.next().window);
}

const cases = [
  { lengths: [50, 31, 200, 7], batch: 4, steps: 8 },
  { lengths: [1000], batch: 3, steps: 16 },
  { lengths: [33], batch: 4, steps: 8 },
  { lengths: [20], batch: 8, steps: 8 },
  { lengths: [3, 2], batch: 8, steps: 64 },
  { lengths: [1, 1], batch: 2, steps: 4 },
];

describe.each(cases)('batches of documents of $lengths tokens, $batch streams of $steps steps', (shape) => {
  const documents = distinctDocuments(shape.lengths);
  const total = shape.lengths.reduce((sum, length) => sum + length, 0);
  const create = (seed = 1) => createBatches(documents, { ...shape, seed });

  it('predicts every token once an epoch, but for less than a window of every stream', () => {
    const batches = create();
    for (let count = 0; count < 3; count++) {
      const targets = epoch(batches).flatMap(({ targets }) => [...targets]);
      expect(new Set(targets).size).toBe(targets.length);
      expect(targets.length).toBeGreaterThan(total - 1 - batches.batch * batches.steps);
    }
  });

  it('goes on in every stream where the window before ended', () => {
    const batches = create();
    const windows = epoch(batches);
    const { batch, steps } = batches;
    windows.forEach(({ ids, targets }, index) => {
      expect([...targets.subarray(0, (steps - 1) * batch)]).toEqual([...ids.subarray(batch)]);
      const before = windows[index - 1];
      if (before !== undefined) {
        expect([...ids.subarray(0, batch)]).toEqual([...before.targets.subarray((steps - 1) * batch)]);
      }
    });
  });

  it('keeps each document in one piece', () => {
    const starts = new Set(documents.map((tokens) => tokens[0]));
    for (const { ids, targets } of epoch(create())) {
      ids.forEach((id, place) => {
        if (!starts.has(targets[place])) expect(targets[place]).toBe(id + 1);
      });
    }
  });

  it('says where an epoch starts', () => {
    const batches = create();
    const flags = Array.from({ length: 2 * batches.windowsPerEpoch }, () => batches.next().startsEpoch);
    expect(flags).toEqual(flags.map((_, index) => index % batches.windowsPerEpoch === 0));
  });

  it('goes on from a position as if it had never stopped', () => {
    const batches = create();
    for (let count = 0; count < batches.windowsPerEpoch + 1; count++) batches.next();
    const resumed = createBatches(documents, { ...shape, seed: 1 }, batches.position());
    for (let count = 0; count < 2 * batches.windowsPerEpoch; count++) expect(resumed.next()).toEqual(batches.next());
  });
});

describe('the order of documents', () => {
  const documents = distinctDocuments(Array.from({ length: 40 }, () => 10));
  const first = (seed: number): Window => createBatches(documents, { batch: 4, steps: 8, seed }).next().window;

  it('is that of the seed', () => {
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it('changes from epoch to epoch', () => {
    const batches = createBatches(documents, { batch: 4, steps: 8, seed: 1 });
    expect(epoch(batches)).not.toEqual(epoch(batches));
  });
});

it('goes on with the next epoch where the corpus has shrunk since the position was taken', () => {
  const batches = createBatches(distinctDocuments([100]), { batch: 2, steps: 8, seed: 1 }, { epoch: 3, window: 50 });
  expect(batches.position()).toEqual({ epoch: 4, window: 0 });
});

it('refuses a corpus with nothing to predict', () => {
  expect(() => createBatches(distinctDocuments([1]), { batch: 2, steps: 8, seed: 1 })).toThrow('nothing to train on');
});
