import { describe, expect, it } from 'vitest';
import { afterAcceptance, afterRejection, noBackOff, raisedMinimum, type BackOff } from '../../src/offers/backOff';

const minute = 60_000;
function rejected(times: number, from: BackOff = noBackOff, atMs = 0): BackOff {
  let backOff = from;
  for (let time = 0; time < times; time++) backOff = afterRejection(backOff, atMs);
  return backOff;
}

describe('backing off', () => {
  it.each([
    { rejections: 0, asked: 0.5 },
    { rejections: 3, asked: 0.5 },
    { rejections: 4, asked: 0.55 },
    { rejections: 5, asked: 0.595 },
    { rejections: 11, asked: 0.785 },
    { rejections: 100, asked: 0.785 },
  ])('after $rejections rejections asks for $asked instead of 0.5', ({ rejections, asked }) => {
    expect(raisedMinimum(0.5, rejected(rejections), 0)).toBeCloseTo(asked, 3);
  });

  it('ends by itself', () => {
    const backOff = rejected(11);
    expect(raisedMinimum(0.5, backOff, 3 * minute)).toBeLessThan(raisedMinimum(0.5, backOff, 0));
    expect(raisedMinimum(0.5, backOff, 6 * minute)).toBe(0.5);
  });

  it('ends with two acceptances, and later with partial ones', () => {
    const after = (how: 'accepted' | 'partly', times: number): number => {
      let backOff = rejected(11);
      for (let time = 0; time < times; time++) backOff = afterAcceptance(backOff, 0, how);
      return raisedMinimum(0.5, backOff, 0);
    };
    expect(after('accepted', 1)).toBe(0.5);
    expect(after('partly', 1)).toBeGreaterThan(0.5);
    expect(after('partly', 2)).toBe(0.5);
  });

  it('never asks for less than the setting, nor for certainty', () => {
    for (const minimum of [0, 0.2, 0.5, 0.9, 1]) {
      const asked = raisedMinimum(minimum, rejected(50), 0);
      expect(asked).toBeGreaterThanOrEqual(minimum);
      if (minimum < 1) expect(asked).toBeLessThan(1);
    }
  });
});
