import { describe, expect, it } from 'vitest';
import { defaultTraining } from '../../../src/core/configuration';
import { learningRateShare } from '../../../src/training/plan/learningRate';

describe.each([false, true])('the learning rate of a run that is continued: %s', (continued) => {
  const at = (step: number, total: number): number =>
    learningRateShare({ share: step / total, steps: step, continued, decayShare: 1 });

  it.each([100, 5000])('rises to its highest value, then falls to zero, over %d steps', (total) => {
    const rates = Array.from({ length: total + 1 }, (_, step) => at(step, total));
    const peak = rates.indexOf(Math.max(...rates));
    expect(rates[0]).toBeGreaterThan(0);
    expect(peak / total).toBeLessThanOrEqual(continued ? 0.02 : 0.05);
    expect(rates[peak]).toBeGreaterThan(0.94);
    for (let step = 1; step <= total; step++) {
      if (step <= peak) expect(rates[step]).toBeGreaterThan(rates[step - 1]!);
      else expect(rates[step]).toBeLessThan(rates[step - 1]!);
    }
    expect(rates[total]).toBeCloseTo(0, 10);
  });

  it('warms up in a fixed number of steps where the run is long', () => {
    const warmUp = continued ? 20 : 50;
    expect(at(warmUp / 2 - 1, 1e6)).toBeCloseTo(0.5, 3);
    expect(at(warmUp, 1e6)).toBeCloseTo(1, 3);
  });
});

describe('a rate that falls at the end only', () => {
  const at = (share: number, decayShare: number): number =>
    learningRateShare({ share, steps: 1000, continued: false, decayShare });

  it.each([0.1, 0.25])('stays at its highest value until the last %d of the budget', (decayShare) => {
    expect(at(0.06, decayShare)).toBe(1);
    expect(at(1 - decayShare, decayShare)).toBeCloseTo(1, 10);
    expect(at(1 - decayShare / 2, decayShare)).toBeCloseTo(0.5, 10);
    expect(at(1, decayShare)).toBe(0);
  });

  it('never falls where no part of the budget is its fall', () => {
    expect(at(0.99, 0)).toBe(1);
    expect(at(1, 0)).toBe(1);
  });

  it('falls over the whole budget by default', () => {
    for (const share of [0.1, 0.5, 0.9]) {
      expect(at(share, defaultTraining.decayShare)).toBeCloseTo(1 - share, 10);
    }
  });
});
