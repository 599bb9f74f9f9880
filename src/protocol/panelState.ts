import * as l10n from '@vscode/l10n';
import type { Measurement } from '../store/files';
import type { PanelState, ToPanel } from './panel';

/** More points than this are thinned to half of it: so many are still scrolled and zoomed without a pause. */
const maxPoints = 10_000;

export const emptyPanelState: PanelState = {
  phase: 'idle',
  /** In the language of the moment: this is loaded before it is known. */
  get message() {
    return l10n.t('No model has been trained here yet.');
  },
  start: null,
  progress: [],
  validation: [],
  secondsLeft: null,
};

/** The state after a message; extension host and panel both keep theirs with it, so that they agree. */
export function afterMessage(state: PanelState, message: ToPanel): PanelState {
  switch (message.type) {
    case 'state':
      return message.state;
    case 'progress':
      return {
        ...state,
        progress: thinned(withPoint(state.progress, message.measurement)),
        secondsLeft: message.secondsLeft,
      };
    case 'completions':
      return { ...state, completions: message.completions };
    case 'confidence':
      return { ...state, confidence: message.curves ?? undefined };
    // What is no part of the state is kept by whoever shows it.
    case 'sample':
    case 'runs':
    case 'curves':
    case 'samples':
    case 'corpus':
    case 'generated':
    case 'threshold':
    case 'providers':
    case 'replay':
      return state;
    case 'validation':
      return { ...state, validation: thinned(withPoint(state.validation, message.measurement)) };
  }
}

/** The curves of a run as its history tells them. */
export function stateFromHistory(measurements: readonly Measurement[], message: string, run?: string): PanelState {
  return {
    ...emptyPanelState,
    phase: measurements.length > 0 ? 'done' : 'idle',
    message,
    ...(run !== undefined && { run }),
    start: measurements.findLast((measurement) => measurement.type === 'start') ?? null,
    progress: thinned(inOrder(measurements.filter((measurement) => measurement.type === 'progress'))),
    validation: thinned(inOrder(measurements.filter((measurement) => measurement.type === 'validation'))),
  };
}

/** With one more point, which nearly always comes last. */
function withPoint<T extends { readonly step: number }>(points: readonly T[], point: T): T[] {
  const all = [...points, point];
  return point.step > (points.at(-1)?.step ?? -1) ? all : inOrder(all);
}

/**
 * By ascending steps, the later value where two have the same step. At the end the best model is measured once more,
 * at the earlier step where it was found.
 */
function inOrder<T extends { readonly step: number }>(points: readonly T[]): T[] {
  const byStep = new Map(points.map((point) => [point.step, point]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/**
 * Points at even distances in steps: the first, the last, and between them none closer to its neighbour than the span
 * divided by half of {@link maxPoints}. Nothing is dropped before there are more than {@link maxPoints}.
 */
export function thinned<T extends { readonly step: number }>(points: T[]): T[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= maxPoints) return points;
  const distance = (last.step - first.step) / (maxPoints / 2);
  const kept = [first];
  for (const point of points) if (point.step - kept.at(-1)!.step >= distance) kept.push(point);
  if (kept.at(-1) !== last) kept.push(last);
  return kept;
}
