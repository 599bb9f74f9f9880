import * as l10n from '@vscode/l10n';
import type { Event, NewEmitter } from './emitter';
import type { Measurement } from '../store/files';
import type { PanelPhase, PanelState, ToPanel } from '../protocol/panel';
import { afterMessage, emptyPanelState, stateFromHistory } from '../protocol/panelState';

/** How the training of this window stands: one state for panel and status bar. */
export interface RunState {
  readonly state: PanelState;
  /** What has changed, as a message that takes a copy of the state along. */
  readonly onDidChange: Event<ToPanel>;
  tell(message: ToPanel): void;
  /** Changes some of it and tells all. */
  update(change: Partial<PanelState>): void;
  /** A new run: empties the curves, unless it goes on with the one shown. */
  begin(resume: boolean): void;
  end(phase: PanelPhase, message: string): void;
  /** Nothing is left of any training. */
  forget(): void;
  /** A run that came to nothing: shows what was there before it, and says why. */
  takeBack(earlier: PanelState, message: string): void;
  /** Shows an earlier run, where nothing is shown yet. */
  restore(run: string, measurements: readonly Measurement[], message: string): void;
}

export function createRunState(newEmitter: NewEmitter): RunState {
  const changed = newEmitter<ToPanel>();
  let state = emptyPanelState;
  function tell(message: ToPanel): void {
    state = afterMessage(state, message);
    changed.fire(message);
  }
  function update(change: Partial<PanelState>): void {
    tell({ type: 'state', state: { ...state, ...change } });
  }
  /** Without any training; what does not belong to one stays. */
  function untrained(): PanelState {
    const { completions, confidence } = state;
    return { ...emptyPanelState, completions, confidence };
  }
  return {
    get state() {
      return state;
    },
    onDidChange: changed.event,
    tell,
    update,
    begin(resume) {
      const earlier = resume ? state : untrained();
      tell({ type: 'state', state: { ...earlier, phase: 'reading', message: l10n.t('Reading the workspace…') } });
    },
    end: (phase, message) => update({ phase, message, secondsLeft: null }),
    forget: () => tell({ type: 'state', state: untrained() }),
    takeBack(earlier, message) {
      const { completions, confidence } = state;
      update({ ...earlier, completions, confidence, message });
    },
    restore(run, measurements, message) {
      const isEmpty = state.phase === 'idle' && state.start === null;
      if (isEmpty && measurements.length > 0) update(stateFromHistory(measurements, message, run));
    },
  };
}

/** Whether a training runs, corpus reading included. */
export function isRunning({ phase }: PanelState): boolean {
  return phase === 'reading' || phase === 'training';
}
