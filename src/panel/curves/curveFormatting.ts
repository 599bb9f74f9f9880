import { formatDuration, formatPerplexity } from '../../core/formatting';
import { formatDate } from '../dates';
import { messages } from '../messages';
import type { ChartName } from './chartContents';
import type { HorizontalAxis } from './horizontalAxis';

// Made once: to make one takes longer than to draw what it is for.
const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const wholeNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `0.02`, `950`, `12k`, `3.5M`: a number beside an axis. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size > 0 && size < 1e-3) return value.toExponential(0);
  return threeDigits.format(value);
}

/** A place on the horizontal axis, beside it. @param apart how far the next one is */
export function formatPlace(axis: HorizontalAxis, place: number, apart: number): string {
  if (axis === 'time') return formatDate(new Date(1000 * place), apart < day ? timeOfDay(apart) : monthAndDay);
  return axis === 'seconds' ? formatDuration(place) : formatTick(place);
}

const day = 86_400;
const monthAndDay = { month: 'short', day: 'numeric' } as const;
const timeOfDay = (apart: number): Intl.DateTimeFormatOptions => ({
  ...{ hour: 'numeric', minute: '2-digit' },
  ...(apart < 60 && { second: '2-digit' }),
});

/** The same in words, for what stands under the cursor. */
export function placeInWords(axis: HorizontalAxis, place: number): string {
  const { at } = messages.curves;
  if (axis === 'seconds') return at.seconds(formatDuration(place));
  if (axis === 'time') return at.time(formatDate(new Date(1000 * place)));
  return at[axis](wholeNumber.format(place));
}

/** A value of a chart, to be read exactly. */
export function formatValue(chart: ChartName, value: number): string {
  if (!Number.isFinite(value)) return messages.curves.notFinite;
  if (chart === 'perplexity') return formatPerplexity(value);
  if (chart === 'charactersPerSecond') return wholeNumber.format(value);
  return value === 0 ? '0' : value >= 1e-3 ? value.toPrecision(3) : value.toExponential(2);
}
