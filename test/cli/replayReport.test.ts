import { describe, expect, it } from 'vitest';
import { recommendedThreshold } from '../../src/cli/replayReport';
import { thresholds } from '../../src/offers/measuring/completionFigures';

/** @param best where most is saved */
const typists = (best: number, slope: number) =>
  thresholds.map((threshold) => {
    const saved = { line: 0.3 - slope * Math.abs(threshold - best), word: 0 };
    return { threshold, keystrokesSaved: saved, payingForWrong: saved };
  });

describe('the threshold that is recommended', () => {
  it.each([
    ['the one that saves most', 0.3, 0.5, 0.3],
    ['the one in use, where that saves most', 0.5, 0.5, 0.5],
    ['the one in use, where hardly anything is gained', 0.3, 0.01, 0.5],
  ])('is %s', (_, best, slope, expected) => {
    expect(recommendedThreshold(typists(best, slope), 0.5)).toBe(expected);
  });
});
