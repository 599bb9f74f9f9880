import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import {
  expectedCalibrationError,
  operatingPoint,
  reliabilityCurve,
  type Outcome,
} from '../../../src/offers/measuring/reliability';

/** Suggestions of random confidence, right as often as `truth` says of it. */
function outcomes(count: number, truth: (confidence: number) => number): Outcome[] {
  const random = createRandom(7);
  return Array.from({ length: count }, () => {
    const confidence = random.uniform();
    return { confidence, right: random.uniform() < truth(confidence) };
  });
}

describe('the reliability curve', () => {
  it('holds every suggestion once, in bins that contain their confidence', () => {
    const curve = reliabilityCurve([...outcomes(1000, (p) => p), { confidence: 1, right: true }]);
    expect(curve.reduce((sum, { count }) => sum + count, 0)).toBe(1001);
    for (const { from, to, confidence } of curve) {
      expect(confidence).toBeGreaterThanOrEqual(from);
      expect(confidence).toBeLessThanOrEqual(to);
    }
  });

  it('leaves out bins without suggestions', () => {
    expect(reliabilityCurve([{ confidence: 0.25, right: true }])).toEqual([
      { from: 0.2, to: 0.3, count: 1, confidence: 0.25, right: 1 },
    ]);
  });
});

describe('the calibration error', () => {
  it('is small where confidence is the share that is right, and as large as it is wrong otherwise', () => {
    const error = (truth: (p: number) => number): number =>
      expectedCalibrationError(reliabilityCurve(outcomes(20_000, truth)));
    expect(error((p) => p)).toBeLessThan(0.02);
    expect(error(() => 0)).toBeCloseTo(0.5, 1);
    expect(error((p) => 1 - p)).toBeCloseTo(0.5, 1);
  });

  it('of nothing is 0', () => {
    expect(expectedCalibrationError([])).toBe(0);
  });
});

it('a threshold shows a share of the places, of which a share is right', () => {
  const shown = [0.6, 0.7, 0.8].map((confidence) => ({ confidence, right: confidence > 0.65 }));
  expect(operatingPoint(0.5, shown, 12)).toEqual({ threshold: 0.5, shownShare: 0.25, precision: 2 / 3 });
  expect(operatingPoint(0.9, [], 12)).toEqual({ threshold: 0.9, shownShare: 0, precision: null });
});
