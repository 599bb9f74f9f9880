import type { Measurement } from '../protocol/files';
import type { PanelPhase, PanelState, ToPanel } from '../protocol/panel';
import { afterMessage, emptyPanelState, stateFromHistory } from '../protocol/panelState';
import { createSignal, type Signal } from './signal';

/** How the training of this window stands: one state for panel and status bar. */
export interface RunState {
  readonly state: PanelState;
  /** What has changed, as a message that takes a copy of the state along. */
  readonly changed: Signal<ToPanel>;
  tell(message: ToPanel): void;
  /** Changes some of it and tells all. */
  update(change: Partial<PanelState>): void;
  /** A new run: empties the curves, unless it goes on with the one shown. */
  begin(resume: boolean): void;
  end(phase: PanelPhase, message: string): void;
  /** Shows an earlier run, where nothing is shown yet. */
  restore(measurements: readonly Measurement[], message: string): void;
}

export function createRunState(): RunState {
  const changed = createSignal<ToPanel>();
  let state = emptyPanelState;
  function tell(message: ToPanel): void {
    state = afterMessage(state, message);
    changed.tell(message);
  }
  function update(change: Partial<PanelState>): void {
    tell({ type: 'state', state: { ...state, ...change } });
  }
  return {
    get state() {
      return state;
    },
    changed,
    tell,
    update,
    begin(resume) {
      const { completions, confidence } = state;
      const earlier = resume ? state : { ...emptyPanelState, completions, confidence };
      tell({ type: 'state', state: { ...earlier, phase: 'reading', message: 'Reading the workspace…' } });
    },
    end: (phase, message) => update({ phase, message, secondsLeft: null }),
    restore(measurements, message) {
      const isEmpty = state.phase === 'idle' && state.start === null;
      if (isEmpty && measurements.length > 0) update(stateFromHistory(measurements, message));
    },
  };
}
