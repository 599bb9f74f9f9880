import { describe, expect, it } from 'vitest';
import { createBatches, type Batches } from '../../../src/training/plan/batches';
import { batchOrders } from '../../../src/core/configuration';
import type { Window } from '../../../src/training/plan/window';

/** Documents of the given lengths whose tokens are all different. */
function distinctDocuments(lengths: readonly number[]): Int32Array[] {
  let next = 0;
  return lengths.map((length) => Int32Array.from({ length }, () => next++));
}

function epoch(batches: Batches): Window[] {
  return Array.from({ length: batches.windowsPerEpoch }, () => batches.next().window);
}

const shapes = [
  { lengths: [50, 31, 200, 7], batch: 4, steps: 8 },
  { lengths: [1000], batch: 3, steps: 16 },
  { lengths: [33], batch: 4, steps: 8 },
  { lengths: [20], batch: 8, steps: 8 },
  { lengths: [3, 2], batch: 8, steps: 64 },
  { lengths: [1, 1], batch: 2, steps: 4 },
];
const cases = batchOrders.flatMap((order) => shapes.map((shape) => ({ ...shape, order })));

describe.each(cases)('$order batches of documents of $lengths tokens, $batch streams of $steps steps', (shape) => {
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

  it('reads a stretch of the text in every stream of a window', () => {
    const batches = create();
    const { batch, steps } = batches;
    for (const { ids, targets } of epoch(batches)) {
      expect([...targets.subarray(0, (steps - 1) * batch)]).toEqual([...ids.subarray(batch)]);
    }
  });

  it('goes on in every stream where the window before ended, unless it starts anew', () => {
    const batches = create();
    const last = batches.batch * (batches.steps - 1);
    let before: Window | undefined;
    for (let count = 0; count < 2 * batches.windowsPerEpoch; count++) {
      const { window, startsStreams } = batches.next();
      if (!startsStreams) {
        expect([...window.ids.subarray(0, batches.batch)]).toEqual([...before!.targets.subarray(last)]);
      }
      before = window;
    }
  });

  it('keeps each document in one piece', () => {
    const starts = new Set(documents.map((tokens) => tokens[0]));
    for (const { ids, targets } of epoch(create())) {
      ids.forEach((id, place) => {
        if (!starts.has(targets[place])) expect(targets[place]).toBe(id + 1);
      });
    }
  });

  it('starts its streams anew at each epoch, in random order at each window', () => {
    const batches = create();
    const flags = Array.from({ length: 2 * batches.windowsPerEpoch }, () => batches.next().startsStreams);
    expect(flags).toEqual(flags.map((_, index) => shape.order === 'random' || index % batches.windowsPerEpoch === 0));
  });

  it.each([1, 2, 3])('reads the same text in the same order %d streams at a time', (count) => {
    const [whole, parts] = [create(), create()];
    for (let window = 0; window < 2 * whole.windowsPerEpoch; window++) {
      const { window: expected, startsStreams } = whole.next();
      const ids = new Int32Array(expected.ids.length);
      for (let read = 0; read < expected.batch;) {
        const part = parts.next(count);
        expect(part.startsStreams).toBe(startsStreams);
        expect(part.streams).toEqual([read, Math.min(read + count, expected.batch)]);
        part.window.ids.forEach((id, place) => {
          const [step, stream] = [Math.floor(place / part.window.batch), place % part.window.batch];
          ids[step * expected.batch + read + stream] = id;
        });
        read = part.streams[1];
      }
      expect(ids).toEqual(expected.ids);
    }
    expect(parts.position()).toEqual(whole.position());
  });

  it('reads whole windows again after a part of one', () => {
    const batches = create();
    const first = batches.next(1).streams[1];
    if (first < batches.batch) expect(batches.next().streams).toEqual([first, batches.batch]);
    expect(batches.next().streams).toEqual([0, batches.batch]);
  });

  it('goes on from a position as if it had never stopped', () => {
    const batches = create();
    for (let count = 0; count < batches.windowsPerEpoch + 1; count++) batches.next();
    batches.next(1);
    const resumed = createBatches(documents, { ...shape, seed: 1 }, batches.position());
    for (let count = 0; count < 2 * batches.windowsPerEpoch; count++) expect(resumed.next()).toEqual(batches.next());
  });
});

it('reads windows in random order from anywhere in the text', () => {
  const documents = distinctDocuments([10_000]);
  const steps = (order: (typeof batchOrders)[number]): number[] => {
    const starts = epoch(createBatches(documents, { batch: 1, steps: 10, order, seed: 1 })).map(({ ids }) => ids[0]!);
    return starts.slice(1).map((start, index) => start - starts[index]!);
  };
  expect(new Set(steps('sequential'))).toEqual(new Set([10]));
  expect(steps('random').filter((distance) => Math.abs(distance) > 1_000).length).toBeGreaterThan(500);
});

describe.each(batchOrders)('the order of documents in %s batches', (order) => {
  const documents = distinctDocuments(Array.from({ length: 40 }, () => 10));
  const first = (seed: number): Window => createBatches(documents, { batch: 4, steps: 8, order, seed }).next().window;

  it('is that of the seed', () => {
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it('changes from epoch to epoch', () => {
    const batches = createBatches(documents, { batch: 4, steps: 8, order, seed: 1 });
    expect(epoch(batches)).not.toEqual(epoch(batches));
  });
});

it.each(batchOrders)('machines that share a text read it once an epoch together, in %s order', (order) => {
  const [machines, total] = [3, 500];
  const shape = { batch: 2, steps: 8, order, seed: 1 };
  const shares = Array.from({ length: machines }, (_, index) =>
    createBatches(distinctDocuments([300, 200]), { ...shape, share: { index, count: machines } }),
  );
  for (let count = 0; count < 2; count++) {
    const targets = shares.flatMap((batches) => epoch(batches).flatMap((window) => [...window.targets]));
    expect(new Set(targets).size).toBe(targets.length);
    expect(targets.length).toBeGreaterThan(total - 1 - machines * shape.batch * shape.steps);
  }
});

it('goes on with the next epoch where the corpus has shrunk since the position was taken', () => {
  const shape = { batch: 2, steps: 8, order: 'sequential', seed: 1 } as const;
  const batches = createBatches(distinctDocuments([100]), shape, { epoch: 3, window: 50, stream: 1 });
  expect(batches.position()).toEqual({ epoch: 4, window: 0, stream: 0 });
});

it('reads a window from its first stream on where there are fewer streams since the position was taken', () => {
  const shape = { batch: 2, steps: 8, order: 'sequential', seed: 1 } as const;
  const batches = createBatches(distinctDocuments([100]), shape, { epoch: 0, window: 1, stream: 3 });
  expect(batches.position()).toEqual({ epoch: 0, window: 1, stream: 0 });
});

it('refuses a corpus with nothing to predict', () => {
  const shape = { batch: 2, steps: 8, order: 'sequential', seed: 1 } as const;
  expect(() => createBatches(distinctDocuments([1]), shape)).toThrow('nothing to train on');
});
