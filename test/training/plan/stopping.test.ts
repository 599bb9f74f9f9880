import { describe, expect, it } from 'vitest';
import { budgetShare, isOverfitting, overfittingMargin } from '../../../src/training/plan/stopping';

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
    expect(isOverfitting(measurements, overfittingMargin(false, 1))).toBe(expected);
  });

  /** The base model's second validation sample, gone on with at a rate of 0.03. */
  const again = curve(1.136, 1.149, 1.231, 1.281, 1.305, 1.307, 1.297, 1.296, 1.292);

  it.each([
    ['weights that were trained before, while the rate is high', again, true, 1, false],
    ['weights that were trained before, when it has fallen', again, true, 0.1, true],
    [
      'weights that were trained before, and never come back',
      curve(1.1, 1.3, 1.45, 1.5, 1.6, 1.6, 1.7, 1.7),
      true,
      1,
      true,
    ],
    ['random weights', again, false, 1, true],
  ])(
    'allows for what a high rate costs good weights: %s',
    (_name, measurements, hadGoodWeights, rateShare, expected) => {
      expect(isOverfitting(measurements, overfittingMargin(hadGoodWeights, rateShare))).toBe(expected);
    },
  );
});
