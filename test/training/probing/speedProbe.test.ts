import { describe, expect, it } from 'vitest';
import { cells, defaultTraining, precisions } from '../../../src/core/configuration';
import {
  fasterOf,
  fasterPrecision,
  measureSpeed,
  measuringMs,
  quickest,
} from '../../../src/training/probing/speedProbe';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const { signal } = new AbortController();

/** Steps that take so long by a clock of their own, again and again. */
function timedSteps(...milliseconds: number[]): { step: () => Promise<void>; now: () => number; taken: () => number } {
  let clock = 0;
  let taken = 0;
  const step = (): Promise<void> => {
    clock += milliseconds[taken++ % milliseconds.length]!;
    return Promise.resolve();
  };
  return { step, now: () => clock, taken: () => taken };
}

describe('what is measured before a training', () => {
  it.each(cells)('tells how fast it is for a %s', async (cell) => {
    const tensorflow = await loadTensorFlow('tensorflow');
    const probed = { ...defaultTraining, model: { ...defaultTraining.model, cell }, batch: 4 };
    for (const precision of precisions) {
      const speed = await measureSpeed(tensorflow, { ...probed, precision, budget: { minutes: 0 } }, 50, null, signal);
      expect(speed).toBeGreaterThan(1e8);
      expect(speed).toBeLessThan(1e13);
    }
  });

  it('is the quickest step, but for the first', async () => {
    const { step, now, taken } = timedSteps(3, 9, 7, 8);
    expect(await quickest(step, 24, signal, now)).toBe(7);
    expect(taken()).toBe(4);
  });

  it('is one step at least', async () => {
    const { step, now } = timedSteps(900, 500);
    expect(await quickest(step, 0, signal, now)).toBe(500);
  });

  it('ends when the training is stopped, however long it may take', async () => {
    const controller = new AbortController();
    const { step, now, taken } = timedSteps(1);
    const stopping = (): Promise<void> => {
      if (taken() === 5) controller.abort();
      return step();
    };
    await quickest(stopping, Infinity, controller.signal, now);
    expect(taken()).toBe(6);
  });

  it.each([
    [0, 0],
    [1, 300],
    [60, 1_000],
    [1e9, 1_000],
  ])('of a budget of %d minutes takes %d ms', (minutes, milliseconds) => {
    expect(measuringMs({ minutes })).toBe(milliseconds);
  });

  it.each([
    [10, 9, 'bfloat16'],
    [10, 9.8, 'float32'],
    [10, 11, 'float32'],
    [Infinity, Infinity, 'float32'],
  ])('of steps of %d and %d ms takes %s', (float32Ms, bfloat16Ms, precision) => {
    expect(fasterOf(float32Ms, bfloat16Ms)).toBe(precision);
  });

  it('is float32 without the native library', async () => {
    expect(await fasterPrecision(await loadTensorFlow('cpu'), defaultTraining, 50, 2, signal)).toBe('float32');
  });
});
