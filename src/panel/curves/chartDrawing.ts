import type uPlot from 'uplot';
import { colourOf, type ChartTheme } from '../theme';
import type { Curve, Level, Mark } from './curve';
import { formatTick } from './formatting';

/** Level lines, each with its name and value at the right end; a name that would stand on another goes below its line. */
export function drawLevels(plot: uPlot, levels: readonly Level[], theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  clipped(plot, () => {
    let above = -Infinity;
    for (const { name, value } of [...levels].sort((a, b) => b.value - a.value)) {
      const y = Math.round(plot.valToPos(value, 'y', true));
      if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
      ctx.strokeStyle = theme.baseline;
      ctx.lineWidth = scale;
      ctx.setLineDash([6 * scale, 5 * scale]);
      line(ctx, bbox.left, y, bbox.left + bbox.width, y);
      const isBelow = y - above < 16 * scale || y - bbox.top < 14 * scale;
      write(plot, `${name} ${formatTick(value)}`, bbox.left + bbox.width - 4 * scale, y, isBelow, theme);
      above = isBelow ? y + 14 * scale : y;
    }
  });
}

/** Points with a name: a ring, and the name beside it. */
export function drawMarks(plot: uPlot, marks: readonly Mark[], theme: ChartTheme): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  clipped(plot, () => {
    for (const { kind, name, x, y, style } of marks) {
      const place = [plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true)] as const;
      const isVisible =
        place.every(Number.isFinite) && place[0] >= bbox.left - 1 && place[0] <= bbox.left + bbox.width + 1;
      if (!isVisible) continue;
      ctx.strokeStyle = colourOf(style, theme);
      ctx.fillStyle = theme.background;
      ctx.lineWidth = 2 * scale;
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.arc(...place, 5 * scale, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
      const text = `${name} ${formatTick(y)}`;
      // The start stands at the left edge, the best mostly at the right one.
      const isLeft = kind === 'start' || place[0] < bbox.left + bbox.width / 3;
      const beside = isLeft ? place[0] + 10 * scale : place[0] - 2 * scale;
      // Below the curve, where there is room.
      const isBelow = kind === 'best' && place[1] + 24 * scale < bbox.top + bbox.height;
      write(plot, text, beside, place[1] + (isBelow ? 5 : -5) * scale, isBelow, theme, isLeft);
    }
  });
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

function clipped(plot: uPlot, draw: () => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 8 * devicePixelRatio, bbox.width, bbox.height + 16 * devicePixelRatio);
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
function write(
  { ctx }: uPlot,
  text: string,
  x: number,
  y: number,
  isBelow: boolean,
  theme: ChartTheme,
  isLeft = false,
): void {
  const scale = devicePixelRatio;
  ctx.font = theme.font.replace(/^\d+/, (size) => String(Number(size) * scale));
  ctx.textAlign = isLeft ? 'left' : 'right';
  ctx.textBaseline = isBelow ? 'top' : 'bottom';
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * scale;
  ctx.strokeStyle = theme.background;
  const top = y + (isBelow ? 3 : -2) * scale;
  ctx.strokeText(text, x, top);
  ctx.fillStyle = theme.text;
  ctx.fillText(text, x, top);
}
