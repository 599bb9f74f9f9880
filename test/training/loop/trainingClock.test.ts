import { describe, expect, it } from 'vitest';
import { createTiming } from '../../../src/training/loop/timing';
import { createTrainingClock } from '../../../src/training/loop/trainingClock';

function fakeMachine() {
  const machine = { time: 5_000, busy: 100 };
  const clock = createTrainingClock({ nowMs: () => machine.time, busyMs: () => machine.busy });
  const pass = (milliseconds: number, busyShare: number): void => {
    machine.time += milliseconds;
    machine.busy += milliseconds * busyShare;
  };
  return { clock, pass };
}

describe('the clock of a training', () => {
  it('counts time in which the process works, however long it takes and however busy the machine is', () => {
    const { clock, pass } = fakeMachine();
    for (const [milliseconds, busyShare] of [
      [100, 0],
      [9_000, 0],
      [60_000, 0.05],
      [600_000, 1.9],
    ] as const) {
      const before = clock.now();
      pass(milliseconds, busyShare);
      expect(clock.now() - before).toBe(milliseconds);
    }
  });

  it('stands still while the machine sleeps', () => {
    const { clock, pass } = fakeMachine();
    const before = clock.now();
    pass(8 * 3_600_000, 0.000_01);
    expect(clock.now()).toBe(before);
    pass(50, 1);
    expect(clock.now() - before).toBe(50);
  });

  it('leaves out a pause once', async () => {
    const { clock, pass } = fakeMachine();
    pass(20, 1);
    const before = clock.now();
    await clock.leaveOut(async () => {
      pass(60_000, 0);
      await Promise.resolve();
    });
    expect(clock.now()).toBe(before);
    await expect(clock.leaveOut(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
  });

  it('keeps the budget of a training', () => {
    const { clock, pass } = fakeMachine();
    const position = { step: 0, epochs: 0, characters: 0, epoch: 0, window: 0, stream: 0 };
    const leg = { budget: { minutes: 1 }, startStep: 0, startEpochs: 0, continued: false };
    const timing = createTiming(leg, clock.now(), () => position, clock);
    pass(30_000, 1);
    expect(timing.share()).toBeCloseTo(0.5);
    pass(3_600_000, 0);
    expect(timing.share()).toBeCloseTo(0.5);
    expect(timing.secondsLeft()).toBeCloseTo(30);
  });
});
