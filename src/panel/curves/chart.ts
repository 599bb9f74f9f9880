import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { colourOf, type ChartTheme } from '../theme';
import { logarithmicTicks, rangeAround, type Range } from './axisRange';
import { aligned, type ChartContent, type Curve } from './curve';
import { drawNamed, drawNotFinite } from './chartDrawing';
import { formatPlace, formatTick } from './curveFormatting';
import { firstAtLeast, type HorizontalAxis } from './horizontalAxis';
import { thinned } from './thinning';

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
  let size = sizeOf(container);
  /** With what of the curves the canvas can show. */
  let drawn: ChartContent = { ...content, curves: [] };
  const isDrawable = drawableOn(options);
  const columnCount = (): number => Math.max(1, Math.ceil(size.width * devicePixelRatio));
  const data = (): uPlot.AlignedData => {
    const columns = { range: seen, count: columnCount(), isLogarithmic: options.logX };
    const curves = shown.curves.map((curve) => ({ ...curve, ...thinned(curve, columns, isDrawable) }));
    drawn = { ...shown, curves };
    return aligned(curves, isDrawable);
  };
  const plot = new uPlot(
    {
      ...size,
      ...plotOptions(options, () => verticalRange(drawn, seen, options)),
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
        draw: [(plot) => drawAll(plot, drawn, options)],
        setCursor: [
          (pointed) => {
            const { left } = pointed.cursor;
            if (!isPointedFromOutside)
              events.pointed(left === undefined || left < 0 ? null : pointed.posToVal(left, 'x'));
          },
        ],
        setSelect: [
          (selected) => {
            const { left, width } = selected.select;
            if (width < 3) return;
            events.zoomed([selected.posToVal(left, 'x'), selected.posToVal(left + width, 'x')]);
            selected.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
      },
    },
    [[], ...shown.curves.map(() => [])],
    container,
  );
  const draw = (): void =>
    plot.batch(() => {
      plot.setData(data(), false);
      for (const [index, curve] of drawn.curves.entries())
        plot.series[index + 1]!.width = lineWidth(curve, columnCount());
      plot.setScale('x', { min: seen[0], max: seen[1] });
    });
  const observer = new ResizeObserver(() => {
    const next = sizeOf(container);
    if (next.width === size.width && next.height === size.height) return;
    size = next;
    plot.setSize(size);
    draw();
  });
  observer.observe(container);
  draw();
  return {
    show(next, nextRange) {
      [shown, seen] = [next, nextRange];
      draw();
    },
    zoom(next) {
      seen = next;
      draw();
    },
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

function drawableOn({ logX, logY }: ChartOptions): (x: number, y: number) => boolean {
  return (x, y) => Number.isFinite(y) && (!logY || y > 0) && (!logX || x > 0);
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
  if (curve.isBackground) return { stroke, alpha: 0.3, points: { show: false } };
  const isOther = isOfOtherRun(curve);
  return {
    stroke,
    ...(isOther && { dash: curve.hasPoints ? [10, 4] : [4, 3] }),
    points: curve.hasPoints && !isOther ? { show: curve.x.length < 200, size: 5, fill: stroke } : { show: false },
  };
}

/**
 * In pixels of the page. Where every column of the canvas is crossed, one pixel of it: the stroke of a wider zigzag takes a tenth
 * of a second where no graphics card draws it.
 */
function lineWidth(curve: Curve, columns: number): number {
  if (curve.x.length > columns) return 1 / devicePixelRatio;
  if (curve.isBackground) return 1;
  return isOfOtherRun(curve) ? 1.5 : curve.hasPoints ? 2.25 : 1.25;
}

function isOfOtherRun({ style }: Curve): boolean {
  return style !== 'training' && style !== 'validation';
}
