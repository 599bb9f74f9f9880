import '@vscode-elements/elements/dist/vscode-button/index.js';
import { curvesOf, type RunCurves } from '../protocol/runCurves';
import type { FromPanel, PanelState, RunSummary, ToPanel } from '../protocol/panel';
import type { CorpusReport, Sample } from '../store/files';
import { createCorpusView } from './corpusView';
import { createConfidenceView } from './confidenceView';
import { createCurvesView } from './curves/curvesView';
import { completionFigures, curveInWords, figures, type Figure } from './figures';
import { element } from './element';
import { createExports, type Exported } from './exporting';
import { createTable } from './measurementTable';
import { messages } from './messages';
import type { PageMemory } from './pageMemory';
import { createProvidersView } from './providersView';
import { createReplayView } from './replayView';
import { createRunsView } from './runsView';
import { createSamplesView } from './samplesView';
import { createTabs } from './tabs';
import { watchTheme } from './theme';

/** The panel on its page. */
export interface View {
  /** Draws a state, as often as it is called. */
  render(state: PanelState): void;
  /** Takes what is no part of the state. */
  tell(message: ToPanel): void;
}

/** Builds the panel into a container. */
export function createView(container: HTMLElement, send: (message: FromPanel) => void, memory: PageMemory): View {
  const message = element('p', { class: 'message', role: 'status' });
  const action = element('vscode-button', { class: 'action' });
  const resume = element('vscode-button', { class: 'continue', secondary: '', hidden: '' }, messages.actions.continue);
  const numbers = element('dl', { class: 'figures' });
  const curves = createCurvesView(memory);
  const table = createTable();
  const samples = createSamplesView(send, memory);
  const runs = createRunsView(send, overlay, memory);
  const corpus = createCorpusView(send, memory);
  const confidence = createConfidenceView(send);
  const providers = createProvidersView(send);
  const replay = createReplayView(send, memory);
  const exports = createExports(send, exported);
  const kept = createKept();
  let state: PanelState | undefined;
  let overlaid: readonly string[] = [];
  const askForSamples = () => state?.run !== undefined && send({ type: 'samples', run: state.run });
  const askForCorpus = () => state?.run !== undefined && send({ type: 'corpus', run: state.run });
  const tabs = createTabs(messages.tabs.label, memory, [
    { key: 'curves', title: messages.tabs.curves, content: element('div', {}, curves.root, table.root) },
    { key: 'samples', title: messages.tabs.samples, content: samples.root, shown: askForSamples },
    { key: 'runs', title: messages.tabs.runs, content: runs.root, shown: () => send({ type: 'runs' }) },
    { key: 'corpus', title: messages.tabs.corpus, content: corpus.root, shown: askForCorpus },
    { key: 'confidence', title: messages.tabs.confidence, content: confidence.root },
    { key: 'replay', title: messages.tabs.replay, content: replay.root, shown: () => send({ type: 'replayStatus' }) },
  ]);
  container.replaceChildren(
    element('header', {}, message, element('div', { class: 'actions' }, exports, resume, action)),
    numbers,
    tabs.root,
    providers.root,
  );

  action.addEventListener('click', () => send({ type: state !== undefined && isRunning(state) ? 'stop' : 'train' }));
  resume.addEventListener('click', () => send({ type: 'continue' }));
  watchTheme(() => curves.redraw());

  function overlay(ids: readonly string[]): void {
    overlaid = [...ids];
    for (const run of ids) if (!kept.curves.has(run)) send({ type: 'curves', run });
    if (state !== undefined) draw(state);
  }

  function shownRun(current: PanelState): RunCurves | undefined {
    const whole = current.run === undefined || isRunning(current) ? undefined : kept.curves.get(current.run);
    return whole ?? shownCurves(current);
  }

  function exported(): Exported | undefined {
    const run = state === undefined ? undefined : shownRun(state);
    const contents = curves.contents();
    if (state === undefined || run === undefined || contents === undefined) return undefined;
    return { run, contents, pictures: () => curves.stack.pictures(), figures: figures(state) };
  }

  function draw(current: PanelState): void {
    const others = overlaid.flatMap((id) => (id === current.run ? [] : (kept.curves.get(id) ?? [])));
    const run = shownRun(current);
    curves.show(run, others, curveInWords(current));
    if (kept.runs !== undefined) runs.show(kept.runs, current.run);
    samples.show(kept.samples);
    corpus.show(kept.corpus);
    resume.hidden = isRunning(current) || kept.runs?.some(({ canContinue }) => canContinue) !== true;
    confidence.show(current.confidence, kept.threshold);
    exports.hidden = run === undefined;
  }

  return {
    render(next) {
      // Another run has other samples, and has read something else.
      const isOther = next.run !== state?.run;
      if (isOther) [kept.samples, kept.corpus] = [[], next.run === undefined ? null : undefined];
      const hasEnded = state !== undefined && isRunning(state) && !isRunning(next);
      // It may have been gone on with: what was kept of it ends before that.
      const ended = hasEnded ? next.run : undefined;
      if (ended !== undefined) kept.curves.delete(ended);
      state = next;
      container.dataset.phase = next.phase;
      if (message.textContent !== next.message) message.textContent = next.message;
      action.textContent = isRunning(next) ? messages.actions.stop : messages.actions.train;
      action.toggleAttribute('secondary', isRunning(next));
      renderFigures(numbers, [...figures(next), ...completionFigures(next)]);
      draw(next);
      table.show(next.validation);
      if (hasEnded) send({ type: 'runs' });
      if (ended !== undefined) send({ type: 'curves', run: ended });
      if ((isOther || hasEnded) && tabs.selected === 'corpus') askForCorpus();
      if (isOther && tabs.selected === 'samples') askForSamples();
    },
    tell(told) {
      if (told.type === 'generated') samples.generated(told);
      if (told.type === 'providers') providers.show(told.report);
      if (told.type === 'replay') replay.show(told.status);
      kept.take(told, state?.run);
      if (state !== undefined) draw(state);
    },
  };
}

/** What was told beside the state. */
function createKept() {
  const kept = {
    runs: undefined as readonly RunSummary[] | undefined,
    curves: new Map<string, RunCurves>(),
    samples: [] as readonly Sample[],
    /** Null where it was not written down. */
    corpus: null as CorpusReport | null | undefined,
    threshold: 0.5,
    take(told: ToPanel, run: string | undefined): void {
      if (told.type === 'runs') kept.runs = told.runs;
      if (told.type === 'curves') kept.curves.set(told.curves.run, told.curves);
      if (told.type === 'samples' && told.run === run) kept.samples = told.samples;
      if (told.type === 'corpus' && told.run === run) kept.corpus = told.report;
      if (told.type === 'sample') kept.samples = [...kept.samples, told.sample];
      if (told.type === 'threshold') kept.threshold = told.value;
    },
  };
  return kept;
}

function shownCurves({ run, start, progress, validation }: PanelState): RunCurves | undefined {
  if (progress.length + validation.length === 0) return undefined;
  return curvesOf(run ?? '', '', [...(start === null ? [] : [start]), ...progress, ...validation]);
}

function isRunning({ phase }: PanelState): boolean {
  return phase === 'reading' || phase === 'training';
}

/** Changes texts in place, so that what a reader has selected stays selected. */
function renderFigures(list: HTMLElement, shown: readonly Figure[]): void {
  for (const { key, label, value, meaning } of shown) {
    let item = list.querySelector<HTMLElement>(`[data-figure="${key}"]`);
    if (item === null) {
      item = element('div', { 'data-figure': key }, element('dt', {}), element('dd', {}));
      list.append(item);
    }
    item.title = meaning;
    setText(item.querySelector('dt')!, label);
    setText(item.querySelector('dd')!, value);
  }
}

function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
