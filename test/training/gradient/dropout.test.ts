import { describe, expect, it } from 'vitest';
import { dropoutMask } from '../../../src/training/gradient/dropout';

describe.each([0.1, 0.5, 0.9])('a dropout mask of rate %d', (rate) => {
  const masks = Array.from({ length: 20 }, (_, seed) => dropoutMask(10_000, rate, seed));

  it('drops that share and keeps the mean', () => {
    for (const mask of masks) {
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      // Five standard deviations of a binomial share.
      expect(Math.abs(dropped - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / mask.length));
      expect(mask.every((value) => value === 0 || Math.abs(value - 1 / (1 - rate)) < 1e-5)).toBe(true);
    }
  });

  it('is that of the seed, and neighbouring seeds have nothing in common', () => {
    expect(dropoutMask(10_000, rate, 7)).toEqual(masks[7]);
    for (let seed = 1; seed < masks.length; seed++) {
      const both = masks[seed]!.filter((value, index) => value === 0 && masks[seed - 1]![index] === 0).length;
      const expected = rate * rate;
      expect(Math.abs(both / 10_000 - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / 10_000));
    }
  });
});
