import * as l10n from '@vscode/l10n';
import type { Event, NewEmitter } from './emitter';
import type { Measurement, StartMeasurement } from '../store/files';
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
  /** It trains now: of what is shown, only what this run had measured before stays. */
  started(start: StartMeasurement, run: string): void;
  /** Puts what a run has measured, before it was gone on with too, before what is shown of it. */
  precede(run: string, measurements: readonly Measurement[]): void;
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
    started(start, run) {
      const isOther = run !== state.run;
      const before = <T extends { readonly step: number }>(points: readonly T[]): T[] =>
        points.filter(({ step }) => !isOther && step <= start.step);
      const { progress, validation } = state;
      update({ phase: 'training', start, run, progress: before(progress), validation: before(validation) });
    },
    precede(run, measurements) {
      if (run !== state.run) return;
      const all = stateFromHistory([...measurements, ...state.progress, ...state.validation], state.message);
      update({ progress: all.progress, validation: all.validation });
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
