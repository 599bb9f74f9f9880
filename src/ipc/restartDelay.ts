const firstDelayMs = 500;
/** A moment, so that what ends whole groups of processes ends this one too. */
const quickDelayMs = 100;
const longestDelayMs = 60_000;
/** A process that ran this long has started well: what ended it may never come again. */
const wellAfterMs = 2_000;
/** So many are followed by a start at once; what goes on crashing after that is started once a minute. */
const mostQuickStarts = 60;
const quickStartEveryMs = 60_000;

/** The end of a process that should have gone on. */
export interface Crash {
  /** By a clock that does not go back. */
  readonly atMs: number;
  readonly ranMs: number;
}

/**
 * How long to wait until a crashed process is started again. One that ran well is missed: it comes back at once, unless that has been
 * needed so often that it helps nobody. One that ends as soon as it has started is given twice the time at every try.
 * @returns to be told of each crash in turn
 */
export function createRestartDelay(): (crash: Crash) => number {
  let delayMs = firstDelayMs;
  let quickStarts = mostQuickStarts;
  let countedAtMs: number | undefined;
  return ({ atMs, ranMs }) => {
    quickStarts = Math.min(mostQuickStarts, quickStarts + (atMs - (countedAtMs ?? atMs)) / quickStartEveryMs);
    countedAtMs = atMs;
    if (ranMs < wellAfterMs) return (delayMs = Math.min(longestDelayMs, delayMs * 2));
    delayMs = firstDelayMs;
    if (quickStarts < 1) return longestDelayMs;
    quickStarts--;
    return quickDelayMs;
  };
}
