import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exponential } from '../../src/text/exponential';

it('is e to the power of a number', () => {
  fc.assert(
    fc.property(fc.double({ min: -100, max: 0, noNaN: true }), (value) => {
      expect(exponential(value) / Math.exp(value)).toBeCloseTo(1, 13);
    }),
  );
});

it.each([
  [0, 1],
  [-100.01, 0],
  [-Infinity, 0],
  [NaN, NaN],
])('of %s is %s', (value, expected) => {
  expect(exponential(value)).toBe(expected);
});
