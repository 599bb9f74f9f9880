import { describe, expect, it } from 'vitest';
import { createRestartDelay } from '../../src/ipc/restartDelay';

/** Delays of crashes that follow one another, each process having run so long. */
function delaysOf(runsMs: readonly number[]): number[] {
  const delayOf = createRestartDelay();
  let atMs = 1e6;
  return runsMs.map((ranMs) => {
    atMs += ranMs;
    const delayMs = delayOf({ atMs, ranMs });
    atMs += delayMs;
    return delayMs;
  });
}

describe('a crashed process is started again', () => {
  it('at once where it ran well, fifty times in five minutes', () => {
    expect(new Set(delaysOf(Array.from({ length: 50 }, () => 5_500)))).toEqual(new Set([100]));
  });

  it('within two seconds where it was killed once while it started', () => {
    expect(delaysOf([9_000, 300, 9_000, 300])).toEqual([100, 1_000, 100, 1_000]);
  });

  it('later and later where it ends as soon as it has started, once a minute in the end', () => {
    const delays = delaysOf(Array.from({ length: 9 }, () => 200));
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(delaysOf([...Array.from({ length: 9 }, () => 200), 3_000, 200])).toEqual([...delays, 100, 1_000]);
  });

  it('once a minute where it goes on crashing every few seconds, and at once again after hours', () => {
    const delays = delaysOf(Array.from({ length: 200 }, () => 3_000));
    expect(delays.indexOf(60_000)).toBeGreaterThan(50);
    expect(delays.slice(-100).filter((delay) => delay === 100).length).toBeLessThan(60);
    const later = delaysOf([
      ...Array.from({ length: 200 }, () => 3_000),
      3 * 3_600_000,
      ...Array.from({ length: 50 }, () => 5_500),
    ]);
    expect(new Set(later.slice(-50))).toEqual(new Set([100]));
  });
});
