import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { FromPanel, PanelState } from '../protocol/panel';
import { createChart, formatReading, type Chart } from './chart';
import { chartData } from './chartData';
import { createConfidenceTables } from './confidenceTables';
import { completionFigures, curveInWords, figures, type Figure } from './figures';
import { element } from './element';
import { createTable } from './measurementTable';
import { readTheme, watchTheme } from './theme';

/** Draws a state, as often as it is called. */
export type Render = (state: PanelState) => void;

const curveNames = ['Training', 'Validation', 'Uniform baseline'] as const;

/** Builds the panel into a container. */
export function createView(container: HTMLElement, send: (message: FromPanel) => void): Render {
  const message = element('p', { class: 'message', role: 'status' });
  const action = element('vscode-button', { class: 'action' });
  const numbers = element('dl', { class: 'figures' });
  const legend = createLegend();
  const canvas = element('div', { class: 'chart', role: 'img' });
  const empty = element('p', { class: 'empty' }, 'Perplexity appears here as soon as the model has been measured.');
  const table = createTable();
  const confidence = createConfidenceTables();
  container.replaceChildren(
    element('header', {}, message, action),
    numbers,
    element('section', { 'aria-label': 'Curves' }, legend.root, element('div', { class: 'stage' }, canvas, empty)),
    table.root,
    confidence.root,
  );

  let state: PanelState | undefined;
  let chart: Chart | undefined;
  action.addEventListener('click', () => send({ type: state !== undefined && isRunning(state) ? 'stop' : 'train' }));
  watchTheme(() => {
    chart?.dispose();
    chart = undefined;
    if (state !== undefined) drawChart(state);
  });

  function drawChart(current: PanelState): void {
    const data = chartData(current);
    empty.hidden = data[0].length > 0;
    canvas.style.visibility = empty.hidden ? 'visible' : 'hidden';
    canvas.setAttribute('aria-label', curveInWords(current));
    if (chart === undefined) chart = createChart(canvas, data, readTheme(), (values) => legend.show(values));
    else chart.setData(data);
  }

  return (next) => {
    state = next;
    container.dataset.phase = next.phase;
    if (message.textContent !== next.message) message.textContent = next.message;
    action.textContent = isRunning(next) ? 'Stop training' : 'Train RNN on workspace';
    action.toggleAttribute('secondary', isRunning(next));
    renderFigures(numbers, [...figures(next), ...completionFigures(next)]);
    drawChart(next);
    table.show(next.validation);
    confidence.show(next.confidence);
  };
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

/** Names the curves; while the pointer is on the chart, also their values there. */
function createLegend(): { root: HTMLElement; show(values: readonly (number | null)[] | null): void } {
  const readings = curveNames.map(() => element('span', { class: 'reading' }));
  const step = element('span', { class: 'step' });
  const entries = curveNames.map((name, index) =>
    element('li', { class: name.split(' ').at(-1)!.toLowerCase() }, element('i', {}), name, readings[index]!),
  );
  const heading = element('h2', {}, 'Perplexity over steps ', step);
  return {
    root: element('div', { class: 'legend' }, heading, element('ul', {}, ...entries)),
    show(values) {
      const at = values?.[0];
      step.textContent = at === null || at === undefined ? '' : `at step ${at.toLocaleString('en')}`;
      readings.forEach((reading, index) => (reading.textContent = formatReading(values?.[index + 1])));
    },
  };
}
