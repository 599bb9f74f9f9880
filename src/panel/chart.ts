import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatPerplexity } from '../core/formatting';
import { logarithmicTicks, perplexityRange, type ChartData } from './chartData';
import type { ChartTheme } from './theme';

/** uPlot declares the distributions of a scale as a const enum, which does not exist at run time. */
const logarithmic = 3 as unknown as uPlot.Scale.Distr;

/** What stands under the pointer: a step and the perplexities of the curves there. */
export type Reading = (values: readonly (number | null)[] | null) => void;

/** The curves on a canvas that fills its container. */
export interface Chart {
  setData(data: ChartData): void;
  dispose(): void;
}

/** @param reading called as the pointer moves; null when it leaves */
export function createChart(container: HTMLElement, data: ChartData, theme: ChartTheme, reading: Reading): Chart {
  let shown = data;
  const plot = new uPlot(
    options(theme, sizeOf(container), () => shown, reading),
    data,
    container,
  );
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(container)));
  observer.observe(container);
  return {
    setData(next) {
      shown = next;
      plot.setData(next);
    },
    dispose() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } {
  return { width: clientWidth, height: clientHeight };
}

function options(
  theme: ChartTheme,
  size: { width: number; height: number },
  data: () => ChartData,
  reading: Reading,
): uPlot.Options {
  return {
    ...size,
    legend: { show: false },
    cursor: { points: { size: 7 }, drag: { x: false, y: false }, y: false },
    scales: {
      x: { time: false, range: (_, __, most) => [0, Math.max(1, most)] },
      y: { distr: logarithmic, range: () => perplexityRange(data()) },
    },
    axes: axes(theme),
    series: [{}, ...curves(theme)],
    hooks: {
      setCursor: [
        ({ cursor: { idx } }) =>
          reading(idx === null || idx === undefined ? null : data().map((column) => latestAt(column, idx))),
      ],
    },
  };
}

function axes({ text, grid, font }: ChartTheme): uPlot.Axis[] {
  const common = { stroke: text, font, ticks: { show: false }, gap: 8 };
  return [
    { ...common, grid: { show: false }, size: 32, space: 60, values: (_, steps) => steps.map(formatStep) },
    {
      ...common,
      grid: { stroke: grid, width: 1 },
      size: 48,
      splits: (_, __, least, most) => logarithmicTicks(least, most),
      filter: (_, splits) => splits,
      values: (_, ticks) => ticks.map((tick) => String(Number(tick.toPrecision(3)))),
    },
  ];
}

/** Differ in more than colour: thin, thick with points, dashed. */
function curves({ training, validation, baseline }: ChartTheme): uPlot.Series[] {
  return [
    { stroke: training, width: 1.25, spanGaps: true, points: { show: false } },
    { stroke: validation, width: 2.25, spanGaps: true, points: { show: true, size: 6, fill: validation } },
    { stroke: baseline, width: 1.25, dash: [6, 5], spanGaps: true, points: { show: false } },
  ];
}

function formatStep(step: number): string {
  return step >= 10_000 ? `${Number((step / 1000).toFixed(1))}k` : step.toLocaleString('en');
}

/** The value at an index, or the last one before it: curves are not measured at the same steps. */
function latestAt(column: readonly (number | null)[], index: number): number | null {
  return column.slice(0, index + 1).findLast((value) => value !== null) ?? null;
}

/** The perplexity under the pointer, or nothing where the curve has no value. */
export function formatReading(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatPerplexity(value);
}
