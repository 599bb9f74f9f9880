import type uPlot from 'uplot';
import { colourOf, type ChartTheme } from '../theme';
import type { Curve, Level, Mark } from './curve';
import { formatTick } from './curveFormatting';
import { laidOut, placesAlong, placesAround, type Box } from './labelLayout';

/** Level lines and points with their names and values, no name on another. */
export function drawNamed(plot: uPlot, levels: readonly Level[], marks: readonly Mark[], theme: ChartTheme): void {
  const scale = devicePixelRatio;
  clipped(plot, () => {
    const lines = visibleLevels(plot, levels);
    const points = visibleMarks(plot, marks);
    for (const { y } of lines) drawLevel(plot, y, theme);
    for (const { place, mark } of points) drawRing(plot, place, colourOf(mark.style, theme), theme.background);
    plot.ctx.font = theme.font.replace(/^\d+/, (size) => String(Number(size) * scale));
    // A point is named beside it; a line may be named anywhere along it.
    const names = [
      ...points.map(({ place, mark }) => nameOf(plot, mark.name, mark.y, aroundPoint(plot, place, mark))),
      ...lines.map(({ y, level }) => nameOf(plot, level.name, level.value, alongLine(plot, y))),
    ];
    const rings = points.map(({ place: [x, y] }) => {
      const size = 2 * ringRadius * scale;
      return { left: x - size / 2, top: y - size / 2, width: size, height: size };
    });
    const boxes = laidOut(
      names.map(({ places }) => places),
      labelArea(plot),
      rings,
    );
    names.forEach(({ text }, index) => {
      const box = boxes[index];
      if (box !== undefined) write(plot, text, box, theme);
    });
  });
}

const ringRadius = 5;
const textHeight = 13;

type Point = readonly [x: number, y: number];

function visibleLevels(plot: uPlot, levels: readonly Level[]): { y: number; level: Level }[] {
  const { top, height } = plot.bbox;
  return levels
    .map((level) => ({ y: Math.round(plot.valToPos(level.value, 'y', true)), level }))
    .filter(({ y }) => y >= top && y <= top + height);
}

function visibleMarks(plot: uPlot, marks: readonly Mark[]): { place: Point; mark: Mark }[] {
  const { left, width } = plot.bbox;
  return marks
    .map((mark) => ({ place: [plot.valToPos(mark.x, 'x', true), plot.valToPos(mark.y, 'y', true)] as const, mark }))
    .filter(({ place }) => place.every(Number.isFinite) && place[0] >= left - 1 && place[0] <= left + width + 1);
}

function drawLevel({ ctx, bbox }: uPlot, y: number, theme: ChartTheme): void {
  const scale = devicePixelRatio;
  ctx.strokeStyle = theme.baseline;
  ctx.lineWidth = scale;
  ctx.setLineDash([6 * scale, 5 * scale]);
  line(ctx, bbox.left, y, bbox.left + bbox.width, y);
}

function drawRing({ ctx }: uPlot, place: Point, colour: string, background: string): void {
  ctx.strokeStyle = colour;
  ctx.fillStyle = background;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(...place, ringRadius * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

function nameOf(
  { ctx }: uPlot,
  name: string,
  value: number,
  placesOf: (size: Pick<Box, 'width' | 'height'>) => Box[],
): { text: string; places: Box[] } {
  const text = `${name} ${formatTick(value)}`;
  return { text, places: placesOf({ width: ctx.measureText(text).width, height: textHeight * devicePixelRatio }) };
}

/** The start stands at the left edge, the best mostly at the right one; below the curve there is room for it. */
function aroundPoint({ bbox }: uPlot, [x, y]: Point, { kind }: Mark) {
  const isLeft = kind === 'best' && x > bbox.left + bbox.width / 3;
  return (size: Pick<Box, 'width' | 'height'>): Box[] =>
    placesAround({ x, y, gap: (ringRadius + 2) * devicePixelRatio }, size, { isLeft, isBelow: kind === 'best' });
}

function alongLine({ bbox: { left, width } }: uPlot, y: number) {
  return (size: Pick<Box, 'width' | 'height'>): Box[] =>
    placesAlong({ left, right: left + width, y, gap: 2 * devicePixelRatio }, size);
}

function labelArea({ bbox: { left, top, width, height } }: uPlot): Box {
  const beyond = beyondChart * devicePixelRatio;
  return { left, top: top - beyond, width, height: height + 2 * beyond };
}

/** A cross at the upper edge for every value that is not finite: they are no part of a line, and must not go unseen. */
export function drawNotFinite(plot: uPlot, curves: readonly Curve[], theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const size = 4 * devicePixelRatio;
  clipped(plot, () => {
    ctx.strokeStyle = theme.error;
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.setLineDash([]);
    for (const { x, y, isBackground } of curves) {
      if (isBackground) continue;
      for (let index = 0; index < y.length; index++) {
        if (Number.isFinite(y[index]!)) continue;
        const [left, top] = [plot.valToPos(x[index]!, 'x', true), bbox.top + 2 * size];
        line(ctx, left - size, top - size, left + size, top + size);
        line(ctx, left - size, top + size, left + size, top - size);
      }
    }
  });
}

/** So far above and below its chart something may stand. */
const beyondChart = 8;

function clipped(plot: uPlot, draw: () => void): void {
  const { ctx } = plot;
  ctx.save();
  ctx.beginPath();
  const { left, top, width, height } = labelArea(plot);
  ctx.rect(left, top, width, height);
  ctx.clip();
  draw();
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** On a shadow of the background, so that it can be read where a curve passes. */
function write({ ctx }: uPlot, text: string, { left, top, height }: Box, theme: ChartTheme): void {
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.strokeStyle = theme.background;
  ctx.strokeText(text, left, top + height / 2);
  ctx.fillStyle = theme.text;
  ctx.fillText(text, left, top + height / 2);
}
