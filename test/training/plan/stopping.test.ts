import { describe, expect, it } from 'vitest';
import { budgetShare, isOverfitting } from '../../../src/training/plan/stopping';

describe('the used share of a budget', () => {
  const spent = { minutes: 2, steps: 300, epochs: 1.5 };

  it.each([
    [{ minutes: 4 }, 0.5],
    [{ steps: 400 }, 0.75],
    [{ epochs: 2 }, 0.75],
    [{ minutes: 4, steps: 310, epochs: 100 }, 300 / 310],
    [{ minutes: 1 }, 2],
    [{ steps: 0 }, 1],
  ])('of %j is %d: that of the limit nearest to its end', (budget, share) => {
    expect(budgetShare(budget, spent)).toBeCloseTo(share, 10);
  });
});

describe('over-fitting', () => {
  const curve = (...nats: number[]) => nats.map((value, index) => ({ step: 100 * (index + 1), nats: value }));

  it.each([
    ['a falling curve', curve(3, 2.5, 2, 1.9, 1.8, 1.7, 1.65, 1.6), false],
    ['a flat, noisy one', curve(3, 2, 1.5, 1.52, 1.55, 1.51, 1.53, 1.56, 1.52, 1.54), false],
    ['one that climbs and stays there', curve(3, 2, 1.5, 1.65, 1.7, 1.75, 1.8, 1.85, 1.9), true],
    ['one that has just begun to climb', curve(3, 2.5, 2, 1.5, 1.65, 1.7, 1.75), false],
    ['one that comes back', curve(3, 2, 1.5, 1.65, 1.7, 1.75, 1.8, 1.55, 1.9), false],
    ['nothing', [], false],
  ])('is not mistaken: %s', (_name, measurements, expected) => {
    expect(isOverfitting(measurements)).toBe(expected);
  });
});
