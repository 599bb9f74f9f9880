import { rangeAround } from './curves/axisRange';
import { chartNames, type ChartName } from './curves/chartContents';
import type { Contents } from './curves/chartStack';
import type { ChartContent, Curve } from './curves/curve';
import { formatTick } from './curves/curveFormatting';
import { laidOut, placesAlong } from './curves/labelLayout';
import { messages } from './messages';
import { pointsOf, svg } from './svg';
import { colourOf, type ChartTheme } from './theme';

const [width, left, right] = [900, 60, 12];
const heights: Readonly<Record<ChartName, number>> = {
  perplexity: 300,
  gradientNorm: 120,
  learningRate: 120,
  charactersPerSecond: 120,
};
const heading = 30;
const fontSize = 11;

/** All charts as one SVG document, perplexity and gradient norm on logarithmic axes. */
export function contentsPicture(contents: Contents, theme: ChartTheme): string {
  let top = 0;
  const parts = chartNames.flatMap((name) => {
    const part = svg('g', { transform: `translate(0 ${top})` }, ...chartParts(name, contents[name], theme));
    top += heights[name] + heading;
    return [part];
  });
  const root = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${top}`,
      ...{ width, height: top, 'font-family': 'system-ui, sans-serif', 'font-size': fontSize },
    },
    svg('rect', { width, height: top, fill: theme.background }),
    ...parts,
  );
  return new XMLSerializer().serializeToString(root);
}

function chartParts(name: ChartName, { curves, levels }: ChartContent, theme: ChartTheme): SVGElement[] {
  const isLogarithmic = name === 'perplexity' || name === 'gradientNorm';
  const isDrawable = (value: number): boolean => Number.isFinite(value) && (!isLogarithmic || value > 0);
  const values = [...curves.map(({ y }) => extremesOf(y, isDrawable)), levels.map(({ value }) => value)].flat();
  const [least, most] = rangeAround(extremesOf(values, isDrawable), isLogarithmic);
  const measure = isLogarithmic ? Math.log : (value: number): number => value;
  const share = (value: number): number => (measure(value) - measure(least)) / (measure(most) - measure(least));
  const up = (value: number): number => heading + (1 - share(value)) * (heights[name] - 20);
  const [first, last] = extremesOf(
    curves.flatMap(({ x }) => extremesOf(x, Number.isFinite)),
    Number.isFinite,
  );
  const across = (x: number): number => left + ((x - first) / (last - first || 1)) * (width - left - right);
  const text = (x: number, y: number, anchor: string, content: string): SVGElement =>
    svg('text', { x, y, 'text-anchor': anchor, fill: theme.text }, content);
  const line = (curve: Curve): SVGElement =>
    svg('polyline', {
      points: pointsOf(
        [...curve.x].flatMap((x, at) => (isDrawable(curve.y[at]!) ? [[across(x), up(curve.y[at]!)]] : [])),
      ),
      ...{ fill: 'none', stroke: colourOf(curve.style, theme), 'stroke-width': curve.hasPoints ? 2.2 : 1.2 },
      'stroke-opacity': curve.isBackground ? 0.3 : 1,
    });
  const names = levels.map(({ name: label, value }) => `${label} ${formatTick(value)}`);
  const boxes = laidOut(
    levels.map(({ value }, index) =>
      placesAlong({ left, right: width - right, y: up(value), gap: 1 }, { width: widthOf(names[index]!), height: 13 }),
    ),
    { left, top: heading - 13, width: width - left - right, height: heights[name] + 13 },
  );
  return [
    text(8, 18, 'start', messages.curves.charts[name]),
    ...[least, most].map((value) => text(left - 6, up(value) + 4, 'end', formatTick(value))),
    ...levels.map(({ value }) =>
      svg('line', {
        ...{ x1: left, x2: width - right, y1: up(value), y2: up(value), stroke: theme.baseline },
        'stroke-dasharray': '6 5',
      }),
    ),
    ...curves.map(line),
    ...names.flatMap((name, index) => {
      const box = boxes[index];
      return box === undefined ? [] : [text(box.left, box.top + box.height - 3, 'start', name)];
    }),
  ];
}

/** As wide as the widest letters make it: who looks at the picture has other fonts. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (letter.codePointAt(0)! < 0x2e80 ? 7 : fontSize), 0);
}

/** The least and the largest of those that can be drawn; the first larger than the second where there are none. */
function extremesOf(values: Iterable<number>, isDrawable: (value: number) => boolean): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (isDrawable(value)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  }
  return [least, most];
}
