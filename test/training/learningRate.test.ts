import { describe, expect, it } from 'vitest';
import { learningRateShare } from '../../src/training/learningRate';

describe.each([false, true])('the learning rate of a run that is continued: %s', (continued) => {
  const at = (step: number, total: number): number =>
    learningRateShare({ share: step / total, steps: step, continued });

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
