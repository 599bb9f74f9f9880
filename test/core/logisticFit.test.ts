import { describe, expect, it } from 'vitest';
import { dotProduct, fitLogistic, logistic, type LogisticSample } from '../../src/core/logisticFit';
import { createRandom } from '../../src/core/random';

function drawn(count: number, truth: readonly number[], seed = 1): LogisticSample[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const features = [1, ...truth.slice(1).map(() => random.normal())];
    return { features, right: random.uniform() < logistic(dotProduct(features, truth)), weight: 1, offset: 0 };
  });
}

const free = { prior: [0, 0, 0], ridge: 1e-3, notNegative: [] };

describe('a logistic fit', () => {
  it('finds the coefficients that samples were drawn with', () => {
    const beta = fitLogistic(drawn(20_000, [-0.5, 1.5, -0.8]), free);
    for (const [index, value] of [-0.5, 1.5, -0.8].entries()) expect(beta[index]).toBeCloseTo(value, 0.8);
  });

  it('is at a minimum: no small change of a coefficient makes its loss smaller', () => {
    const samples = drawn(300, [0.2, 1, -1]);
    const loss = (beta: readonly number[]): number =>
      samples.reduce(
        (sum, { features, right }) => {
          const p = logistic(dotProduct(features, beta));
          return sum - Math.log(right ? p : 1 - p);
        },
        0.5e-3 * dotProduct(beta, beta),
      );
    const beta = fitLogistic(samples, free);
    for (const index of beta.keys()) {
      for (const change of [-0.01, 0.01]) {
        expect(loss(beta.map((value, at) => value + (at === index ? change : 0)))).toBeGreaterThan(loss(beta));
      }
    }
  });

  it('leaves to the coefficients what the offsets of the samples do not say', () => {
    const samples = drawn(20_000, [1.5, 1]).map((sample) => ({ ...sample, offset: 2 }));
    const beta = fitLogistic(samples, { ...free, prior: [0, 0] });
    for (const [index, value] of [-0.5, 1].entries()) expect(beta[index]).toBeCloseTo(value, 0.8);
  });

  it('stays at its prior without samples, and near it with few', () => {
    expect(fitLogistic([], { prior: [0.5, 2, -1], ridge: 1, notNegative: [] })).toEqual([0.5, 2, -1]);
  });

  it('keeps coefficients from being negative where they must not be', () => {
    const beta = fitLogistic(drawn(2000, [0, -1, 1]), { ...free, notNegative: [1, 2] });
    expect(beta[1]).toBe(0);
    expect(beta[2]).toBeGreaterThan(0.5);
  });

  it('ends with finite coefficients where the samples can be told apart without error', () => {
    const samples = [-2, -1, 1, 2].map((x) => ({ features: [1, x, x], right: x > 0, offset: 0, weight: 1 }));
    for (const value of fitLogistic(samples, free)) expect(Number.isFinite(value)).toBe(true);
  });
});
