import { describe, expect, it } from 'vitest';
import { averageStep } from '../../../src/training/optimizers/averaging';

/** The average after each update of weights that are 1, 2, 3, … */
function averagesOf(updates: number): number[] {
  const average = new Float32Array(4);
  return Array.from({ length: updates }, (_, index) => {
    averageStep(average, new Float32Array(4).fill(index + 1), index + 1, 1, 3);
    expect([average[0], average[3]]).toEqual([0, 0]);
    expect(average[1]).toBe(average[2]);
    return average[1]!;
  });
}

describe('the average of weights', () => {
  it('begins with the first ones', () => {
    expect(averagesOf(1)).toEqual([1]);
  });

  it('lags behind weights that grow steadily by a tenth of all updates', () => {
    averagesOf(500).forEach((average, index) => {
      expect(average).toBeCloseTo(index + 1 - index / 10, 1);
    });
  });
});
