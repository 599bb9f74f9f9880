import { describe, expect, it } from 'vitest';
import type { TrainingBudget } from '../../../src/core/configuration';
import type { SessionPosition } from '../../../src/training/loop/trainingSession';
import { createTiming, nextValidationStep } from '../../../src/training/loop/timing';

describe('the steps after which is measured', () => {
  const steps: number[] = [];
  for (let step = 0; step < 100_000; step = nextValidationStep(step)) steps.push(step);

  it('begin close together and grow apart', () => {
    expect(steps.slice(0, 6)).toEqual([0, 25, 50, 75, 100, 125]);
    steps.slice(1).forEach((step, index) => expect(step - steps[index]!).toBeLessThanOrEqual(Math.max(25, step / 4)));
    expect(steps.length).toBeLessThan(50);
  });

  it('are the same from wherever one goes on', () => {
    for (const from of [1, 24, 25, 333, 5000]) {
      expect(nextValidationStep(from)).toBe(steps.find((step) => step > from));
    }
  });
});

describe('the share of a budget', () => {
  const at = (step: number, epochs: number): SessionPosition => ({
    ...{ step, epochs, characters: 0, epoch: Math.floor(epochs), window: 0, stream: 0 },
  });
  const timingOf = (budget: TrainingBudget, position: SessionPosition, startedAtMs = performance.now()) =>
    createTiming({ budget, startStep: 100, startEpochs: 2, continued: true }, startedAtMs, () => position);

  it('counts from where the leg began', () => {
    expect(timingOf({ steps: 200 }, at(150, 2.5)).share()).toBe(0.25);
    expect(timingOf({ epochs: 2 }, at(150, 3)).share()).toBe(0.5);
    expect(timingOf({ steps: 50 }, at(150, 3)).share()).toBe(1);
  });

  it('leaves time for the last measurement within a budget in minutes', () => {
    const timing = timingOf({ minutes: 10 }, at(100, 2), performance.now() - 60_000);
    const before = timing.share();
    timing.measured(100, 5 * 60_000);
    expect(timing.share()).toBeGreaterThan(before);
    expect(timing.secondsLeft()).toBeGreaterThan(500);
    expect(timing.secondsLeft()).toBeLessThan(540.1);
  });

  it('trains for a part of the budget even where the last measurement takes longer than all of it', () => {
    const timing = timingOf({ minutes: 10 }, at(100, 2));
    timing.measured(100, 60 * 60_000);
    expect(timing.share()).toBeLessThan(0.1);
  });
});

describe('a checkpoint', () => {
  it('is due after so many steps, and again after as many more, whatever the clock says', () => {
    const position = { epochs: 0, characters: 0, epoch: 0, window: 0, stream: 0, step: 0 };
    const leg = { budget: { steps: 100 }, startStep: 0, startEpochs: 0, continued: false };
    const clock = { now: () => 0, leaveOut: <Result>(wait: () => Promise<Result>) => wait() };
    const timing = createTiming(leg, 0, () => position, clock, { seconds: 25, steps: 20 });
    const due: number[] = [];
    for (; position.step < 100; position.step++) {
      if (!timing.checkpointDue()) continue;
      due.push(position.step);
      timing.checkpointed();
    }
    expect(due).toEqual([20, 40, 60, 80]);
  });
});
