import { expect, it } from 'vitest';
import { shareOver } from '../../src/protocol/trainingShare';

it.each([
  ['of a training that was begun anew', 30, 90, {}, 0.25],
  ['of one that goes on with 300 seconds, at its beginning', 300, 120, { seconds: 300 }, 0],
  ['of the same later', 330, 90, { seconds: 300 }, 0.25],
  ['at the end', 60, 0, {}, 1],
  ['where the end is not known', 30, null, {}, 0],
  ['before it has started', 30, 90, null, 0.25],
])('the share that is over is told %s', (_, seconds, secondsLeft, start, expected) => {
  expect(shareOver(seconds, secondsLeft, start)).toBeCloseTo(expected);
});
