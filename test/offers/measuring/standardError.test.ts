import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { ratioOf } from '../../../src/offers/measuring/standardError';

describe('a ratio of sums', () => {
  it('of samples of the same size is a mean with its usual standard error', () => {
    const parts = [1, 2, 4, 5];
    const { value, standardError } = ratioOf(parts.map((part) => ({ part, whole: 1 })));
    expect(value).toBe(3);
    // s = sqrt(10 / 3), divided by sqrt(4).
    expect(standardError).toBeCloseTo(Math.sqrt(10 / 3) / 2, 12);
  });

  it('has no error where every sample has the same ratio, whatever its size', () => {
    expect(ratioOf([1, 5, 20].map((whole) => ({ part: whole / 4, whole })))).toEqual({ value: 0.25, standardError: 0 });
  });

  it('of nothing is nothing', () => {
    expect(ratioOf([])).toEqual({ value: 0, standardError: 0 });
  });

  it('differs from draw to draw by about its standard error', () => {
    const random = createRandom(1);
    const draw = () =>
      ratioOf(
        Array.from({ length: 100 }, () => {
          const whole = 1 + random.integer(40);
          return { whole, part: Array.from({ length: whole }, () => random.integer(2)).reduce((a, b) => a + b, 0) };
        }),
      );
    const draws = Array.from({ length: 300 }, draw);
    const mean = draws.reduce((total, { value }) => total + value, 0) / draws.length;
    const deviation = Math.sqrt(draws.reduce((total, { value }) => total + (value - mean) ** 2, 0) / draws.length);
    const told = draws.reduce((total, { standardError }) => total + standardError, 0) / draws.length;
    expect(told / deviation).toBeGreaterThan(0.85);
    expect(told / deviation).toBeLessThan(1.15);
  });
});
