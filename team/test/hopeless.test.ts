import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hopelessOf } from '../src/hopeless';
import type { Measured } from '../src/jobRequest';

/** Curves by name: nats after each hundred steps, told in turn. */
function told(curves: Readonly<Record<string, readonly number[]>>): Measured[] {
  const longest = Math.max(...Object.values(curves).map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    Object.entries(curves).flatMap(([name, nats]) =>
      nats[index] === undefined ? [] : [{ name, step: (index + 1) * 100, nats: nats[index] }],
    ),
  ).flat();
}

describe('of a sweep', () => {
  const cases: [string, Readonly<Record<string, readonly number[]>>, string[]][] = [
    ['nothing is given up that is alone', { a: [3, 3, 3] }, []],
    ['nothing is given up that is a little worse', { a: [3, 2.5], b: [3.2, 2.7] }, []],
    ['nothing is given up for one bad measurement', { a: [2, 1.9], b: [3, 2.1] }, []],
    ['what is far behind twice is given up', { a: [2, 1.9], b: [3, 2.9] }, ['b']],
    ['what is behind another that is further is not: it may catch up', { a: [3, 2.5, 2, 1.5], b: [3, 2.5] }, []],
    ['the best stays, however bad', { a: [9, 9], b: [20, 20], c: [9.1, 9.1] }, ['b']],
  ];
  for (const [name, curves, expected] of cases) {
    it(name, () => assert.deepEqual(hopelessOf(told(curves)), expected));
  }

  it('nothing is judged by its first steps', () => {
    const early = [10, 20].flatMap((step) => [
      { name: 'a', step, nats: 2 },
      { name: 'b', step, nats: 4 },
    ]);
    assert.deepEqual(hopelessOf(early), []);
  });
});
