import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf, type ChartTheme } from '../theme';
import { logarithmicTicks, rangeAround, type Range } from './axisRange';
import { aligned, type ChartContent, type Curve } from './curve';
import { drawNamed, drawNotFinite } from './chartDrawing';
import { formatPlace, formatTick } from './curveFormatting';
import { firstAtLeast, type HorizontalAxis } from './horizontalAxis';

/** uPlot declares the distributions of a scale as a const enum, which does not exist at run time. */
const logarithmic = 3 as unknown as uPlot.Scale.Distr;
const linear = 1 as unknown as uPlot.Scale.Distr;

export interface ChartOptions {
  readonly axis: HorizontalAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** Whether the axis below it has numbers. */
  readonly hasPlaces: boolean;
  /** Whether level lines widen the vertical axis: they do where all is shown. */
  readonly showsLevels: () => boolean;
  readonly theme: ChartTheme;
}

export interface ChartEvents {
  /** The pointer is at a place; null: it has left. */
  pointed(place: number | null): void;
  zoomed(range: Range): void;
  reset(): void;
}

/** The curves on a canvas that fills the width of its container. */
export interface Chart {
  show(content: ChartContent, range: Range): void;
  zoom(range: Range): void;
  /** Draws the cursor; null: none. */
  point(place: number | null): void;
  /** For pictures. */
  readonly canvas: HTMLCanvasElement;
  dispose(): void;
}

export function createChart(
  container: HTMLElement,
  content: ChartContent,
  range: Range,
  options: ChartOptions,
  events: ChartEvents,
): Chart {
  let shown = content;
  let seen = range;
  let isPointedFromOutside = false;
  const data = (): uPlot.AlignedData => alignedData(shown.curves, options);
  const plot = new uPlot(
    {
      ...sizeOf(container),
      ...plotOptions(options, () => verticalRange(shown, seen, options)),
      series: [{}, ...shown.curves.map((curve) => seriesOf(curve, options.theme))],
      cursor: {
        points: { size: 6 },
        drag: { x: true, y: false, setScale: false },
        y: false,
        bind: {
          dblclick: () => () => {
            events.reset();
            return null;
          },
        },
      },
      hooks: {
        draw: [(drawn) => drawAll(drawn, shown, options)],
        setCursor: [
          (pointed) => {
            const { left } = pointed.cursor;
            if (!isPointedFromOutside)
              events.pointed(left === undefined || left < 0 ? null : pointed.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (drawn) => {
            const { left, width } = drawn.select;
            if (width < 3) return;
            events.zoomed([drawn.posToVal(left, 'x'), drawn.posToVal(left + width, 'x')]);
            drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    data(),
    container,
  );
  const zoom = (next: Range): void => {
    seen = next;
    plot.setScale('x', { min: next[0], max: next[1] });
  };
  zoom(range);
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(container)));
  observer.observe(container);
  return {
    show(next, nextRange) {
      shown = next;
      seen = nextRange;
      plot.batch(() => {
        plot.setData(data(), false);
        zoom(nextRange);
      });
    },
    zoom,
    point(place) {
      isPointedFromOutside = true;
      const left = place === null ? -10 : plot.valToPos(place, 'x');
      plot.setCursor({ left, top: place === null ? -10 : 0 });
      isPointedFromOutside = false;
    },
    canvas: plot.ctx.canvas,
    dispose() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function alignedData(curves: readonly Curve[], { logX, logY }: ChartOptions): uPlot.AlignedData {
  const isDrawable = (x: number, y: number): boolean => Number.isFinite(y) && (!logY || y > 0) && (!logX || x > 0);
  const [places, ...columns] = aligned(curves, isDrawable);
  return [places, ...columns] as uPlot.AlignedData;
}

function drawAll(plot: uPlot, content: ChartContent, { theme }: ChartOptions): void {
  drawNamed(plot, content.levels, content.marks, theme);
  drawNotFinite(plot, content.curves, theme);
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } {
  return { width: clientWidth, height: clientHeight };
}

function plotOptions(options: ChartOptions, vertical: () => Range): Omit<uPlot.Options, 'width' | 'height' | 'series'> {
  const { axis, logX, logY } = options;
  return {
    legend: { show: false },
    // Whatever is above a canvas must be seen to its edge.
    padding: [10, 8, options.hasPlaces ? 0 : 8, 0],
    scales: {
      x: { time: axis === 'time', distr: logX && axis !== 'time' ? logarithmic : linear },
      y: { distr: logY ? logarithmic : linear, range: () => [...vertical()] },
    },
    axes: axesOf(options),
  };
}

/** Around what is drawn of the curves now; around the level lines too, where all is shown. */
function verticalRange(
  { curves, levels }: ChartContent,
  [min, max]: Range,
  { logY, showsLevels }: ChartOptions,
): Range {
  const isDrawable = (value: number): boolean => Number.isFinite(value) && (!logY || value > 0);
  let [least, most] = [Infinity, -Infinity];
  const include = (value: number): void => {
    if (isDrawable(value)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  };
  for (const { x, y } of curves) {
    for (let index = firstAtLeast(x, min); index < x.length && x[index]! <= max; index++) include(y[index]!);
  }
  if (logY && showsLevels()) for (const { value } of levels) include(value);
  return rangeAround([least, most], logY);
}

function axesOf({ theme: { text, grid, font }, axis, logX, logY, hasPlaces }: ChartOptions): uPlot.Axis[] {
  const common = { stroke: text, font, ticks: { show: false }, gap: 6 };
  const places: uPlot.Axis = {
    ...common,
    grid: { stroke: grid, width: 1 },
    size: hasPlaces ? 28 : 0,
    space: axis === 'time' ? 90 : 70,
    values: (_, values, __, ___, apart) => values.map((value) => (hasPlaces ? formatPlace(axis, value, apart) : '')),
    ...(logX && axis !== 'time' && { splits: (_, __, least, most) => logarithmicTicks(least, most), filter: keepAll }),
  };
  const values: uPlot.Axis = {
    ...common,
    grid: { stroke: grid, width: 1 },
    size: 56,
    space: 28,
    values: (_, ticks) => ticks.map(formatTick),
    ...(logY && { splits: (_, __, least, most) => logarithmicTicks(least, most), filter: keepAll }),
  };
  return [places, values];
}

const keepAll = (_: uPlot, splits: number[]): number[] => splits;

/** Differ in more than colour: thin, thick with points, dashed. */
function seriesOf(curve: Curve, theme: ChartTheme): uPlot.Series {
  const stroke = colourOf(curve.style, theme);
  if (curve.isBackground) return { stroke, width: 1, alpha: 0.3, points: { show: false } };
  const isOther = curve.style !== 'training' && curve.style !== 'validation';
  return {
    stroke,
    width: curve.hasPoints ? 2.25 : 1.25,
    ...(isOther && { dash: curve.hasPoints ? [10, 4] : [4, 3], width: 1.5 }),
    points: curve.hasPoints && !isOther ? { show: curve.x.length < 200, size: 5, fill: stroke } : { show: false },
  };
}
