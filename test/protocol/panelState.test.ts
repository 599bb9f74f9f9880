import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../src/text/metrics';
import type { ProgressMeasurement, ValidationMeasurement } from '../../src/store/files';
import { panelStateSchema, type ToPanel } from '../../src/protocol/panel';
import { afterMessage, emptyPanelState, stateFromHistory, thinned } from '../../src/protocol/panelState';

function progress(step: number, nats = 2): ProgressMeasurement {
  return {
    type: 'progress',
    step,
    characters: step * 2048,
    seconds: step / 10,
    charactersPerSecond: 20_480,
    nats,
    perplexity: Math.exp(nats),
    gradientNorm: 0.5,
    learningRate: 4e-3,
  };
}

function validation(step: number, nats: number): ValidationMeasurement {
  return { type: 'validation', step, ...qualityOf(nats) };
}

const steps = (points: readonly { step: number }[]) => points.map(({ step }) => step);

describe('panel state', () => {
  it('takes in measurements as they arrive', () => {
    const messages: ToPanel[] = [
      { type: 'progress', measurement: progress(1), secondsLeft: 20 },
      { type: 'validation', measurement: validation(1, 2) },
      { type: 'progress', measurement: progress(2), secondsLeft: 19 },
    ];
    const state = messages.reduce(afterMessage, emptyPanelState);
    expect(steps(state.progress)).toEqual([1, 2]);
    expect(steps(state.validation)).toEqual([1]);
    expect(state.secondsLeft).toBe(19);
    expect(emptyPanelState.progress).toEqual([]);
  });

  it('puts a late measurement of an earlier step in its place, instead of the first one', () => {
    const state = [validation(10, 2), validation(20, 1.8), validation(10, 2.1)].reduce(
      (before, measurement) => afterMessage(before, { type: 'validation', measurement }),
      emptyPanelState,
    );
    expect(state.validation).toEqual([validation(10, 2.1), validation(20, 1.8)]);
  });

  it('holds what confidence is worth until another model, or none, is in use', () => {
    const curves = {
      reliability: [{ from: 0.5, to: 0.6, count: 4, confidence: 0.55, right: 0.5 }],
      operatingPoints: [{ threshold: 0.5, shownShare: 0.25, precision: null }],
    };
    const told = afterMessage(emptyPanelState, { type: 'confidence', curves });
    expect(told.confidence).toEqual(curves);
    expect(v.parse(panelStateSchema, told)).toEqual(told);
    expect(afterMessage(told, { type: 'progress', measurement: progress(1), secondsLeft: 1 }).confidence).toBe(curves);
    expect(afterMessage(told, { type: 'confidence', curves: null }).confidence).toBeUndefined();
  });

  it('is the same from a history as from the messages of the run', () => {
    const measurements = Array.from({ length: 30 }, (_, index) =>
      index % 3 === 0 ? validation(index, 2) : progress(index),
    );
    const live = measurements.reduce(
      (state, measurement) =>
        afterMessage(
          state,
          measurement.type === 'progress'
            ? { type: 'progress', measurement, secondsLeft: null }
            : { type: 'validation', measurement },
        ),
      emptyPanelState,
    );
    const { progress: points, validation: validations } = stateFromHistory(measurements, '');
    expect({ points, validations }).toEqual({ points: live.progress, validations: live.validation });
  });

  it('stays small over a long run, evenly spread, first and last kept', () => {
    let state = emptyPanelState;
    for (let step = 1; step <= 25_000; step++) {
      state = afterMessage(state, { type: 'progress', measurement: progress(step), secondsLeft: null });
    }
    expect(state.progress.length).toBeLessThanOrEqual(10_000);
    expect(state.progress.length).toBeGreaterThan(2_500);
    expect(state.progress[0]?.step).toBe(1);
    expect(state.progress.at(-1)?.step).toBe(25_000);
    const gaps = steps(state.progress).map((step, index, all) => step - (all[index - 1] ?? step));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10);
  });

  it('thins nothing that is small', () => {
    const points = Array.from({ length: 10_000 }, (_, step) => ({ step }));
    expect(thinned(points)).toBe(points);
  });
});
