/** Time that training could use: it never jumps, and stands still while the machine sleeps or the training is paused. */
export interface TrainingClock {
  /** Milliseconds, of `performance.now()` as long as nothing was left out. */
  now(): number;
  /** Leaves out the time until a promise is kept. */
  leaveOut<Result>(wait: () => Promise<Result>): Promise<Result>;
}

/** What the clock reads; `busyMs` is the processor time that this process has used. */
export interface ClockSource {
  readonly nowMs: () => number;
  readonly busyMs: () => number;
}

const machine: ClockSource = {
  nowMs: () => performance.now(),
  busyMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** From this long a gap on, it is looked at what the process did meanwhile: nothing takes so long without computing. */
const leastSleepMs = 10_000;
/** Share of a gap that a process uses which was asleep, with the machine or alone. */
const mostBusyShare = 0.02;

/** `performance.now()` is no clock of the day, which may be set; but on some systems it goes on while the machine sleeps. */
export function createTrainingClock(source: ClockSource = machine): TrainingClock {
  let leftOutMs = 0;
  let last = { nowMs: source.nowMs(), busyMs: source.busyMs() };
  const look = (): { gapMs: number; busyMs: number } => {
    const [nowMs, busyMs] = [source.nowMs(), source.busyMs()];
    const passed = { gapMs: nowMs - last.nowMs, busyMs: busyMs - last.busyMs };
    last = { nowMs, busyMs };
    return passed;
  };
  const now = (): number => {
    const { gapMs, busyMs } = look();
    if (gapMs >= leastSleepMs && busyMs < gapMs * mostBusyShare) leftOutMs += gapMs;
    return last.nowMs - leftOutMs;
  };
  return {
    now,
    leaveOut: async (wait) => {
      now();
      try {
        return await wait();
      } finally {
        leftOutMs += look().gapMs;
      }
    },
  };
}
