import type { RunCurves } from '../../protocol/runCurves';
import { element } from '../element';
import { messages } from '../messages';
import type { PageMemory } from '../pageMemory';
import { chartContents, type CurveOptions } from './chartContents';
import { createChartStack, type ChartStack, type Contents } from './chartStack';
import { horizontalAxes, type HorizontalAxis } from './horizontalAxis';

/** The curves of a run and of those laid over it, with what one may set about them. */
export interface CurvesView {
  readonly root: HTMLElement;
  /** @param words what the main curve shows, in a sentence */
  show(run: RunCurves | undefined, others: readonly RunCurves[], words: string): void;
  /** The theme has changed. */
  redraw(): void;
  readonly stack: ChartStack;
  /** What is drawn now; undefined: nothing. */
  contents(): Contents | undefined;
}

const mostSmoothing = 0.99;

export function createCurvesView(memory: PageMemory): CurvesView {
  const axis = memory.keep('curves.axis', select(horizontalAxes, messages.curves.axes));
  const logY = memory.keep('curves.logY', checkBox(true));
  const logX = memory.keep('curves.logX', checkBox(false));
  const smoothing = memory.keep('curves.smoothing', slider(0, mostSmoothing, 0.01, 0));
  const amount = element('output', {});
  const reset = element('button', { type: 'button', class: 'quiet', hidden: '' }, messages.curves.resetZoom);
  const stack = createChartStack((isZoomed) => (reset.hidden = !isZoomed));
  const empty = element('p', { class: 'empty' }, messages.curves.empty);
  const toolbar = element(
    'div',
    { class: 'toolbar' },
    element('label', {}, messages.curves.over, axis),
    element('label', {}, logX, messages.curves.logX),
    element('label', {}, logY, messages.curves.logY),
    element('label', {}, messages.curves.smoothing, smoothing, amount),
    reset,
  );
  let shown: { run: RunCurves; others: readonly RunCurves[] } | undefined;

  const options = (): CurveOptions => ({
    axis: axis.value as HorizontalAxis,
    logX: logX.checked,
    logY: logY.checked,
    smoothing: Number(smoothing.value),
  });
  function draw(): void {
    if (shown !== undefined) stack.show(chartContents(shown.run, shown.others, options()), options());
  }
  const showAmount = (): void => void (amount.textContent = Number(smoothing.value).toFixed(2));
  showAmount();
  smoothing.addEventListener('input', showAmount);
  for (const control of [axis, logX, logY, smoothing]) control.addEventListener('input', draw);
  reset.addEventListener('click', () => stack.resetZoom());

  return {
    root: element('section', { 'aria-label': messages.curves.section }, toolbar, stack.root, empty),
    show(run, others, words) {
      const isEmpty = run === undefined || run.progress.step.length + run.validation.step.length === 0;
      empty.hidden = !isEmpty;
      stack.root.hidden = isEmpty;
      toolbar.hidden = isEmpty;
      if (isEmpty) return;
      shown = { run, others };
      draw();
      stack.root.querySelector('.stage.perplexity')!.setAttribute('aria-label', words);
    },
    redraw: () => stack.redraw(),
    stack,
    contents: () => shown && chartContents(shown.run, shown.others, options()),
  };
}

function select<Choice extends string>(
  choices: readonly Choice[],
  names: Readonly<Record<Choice, string>>,
): HTMLSelectElement {
  return element('select', {}, ...choices.map((choice) => element('option', { value: choice }, names[choice])));
}

function checkBox(isChecked: boolean): HTMLInputElement {
  const input = element('input', { type: 'checkbox' });
  input.checked = isChecked;
  return input;
}

function slider(least: number, most: number, step: number, value: number): HTMLInputElement {
  return element('input', {
    ...{ type: 'range', min: String(least), max: String(most), step: String(step), value: String(value) },
  });
}
