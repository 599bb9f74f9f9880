import type { Range } from './axisRange';
import type { Curve } from './curve';
import { firstAtLeast } from './horizontalAxis';

/** What a canvas shows of a horizontal axis, and in how many columns of pixels. */
export interface Columns {
  readonly range: Range;
  readonly count: number;
  readonly isLogarithmic: boolean;
}

/**
 * The values of a curve that draw the same line as all of them: of each column of the canvas the first, the lowest, the highest
 * and the last (M4: Jugel, Jerzak, Hackenbroich and Markl, VLDB 2014), what breaks the line, and on either side the next one that
 * is not seen.
 * @param isDrawable what is not breaks the line
 */
export function thinned(
  { x, y }: Pick<Curve, 'x' | 'y'>,
  columns: Columns,
  isDrawable: (x: number, y: number) => boolean,
): Pick<Curve, 'x' | 'y'> {
  const [least, most] = columns.range;
  const endOf = columnEnds(columns);
  const kept: number[] = [];
  const keep = (index: number): void => {
    if (index > (kept.at(-1) ?? -1)) kept.push(index);
  };
  let [first, lowest, highest, last, end] = [-1, -1, -1, -1, -Infinity];
  const keepPart = (): void => {
    if (first === -1) return;
    keep(first);
    keep(Math.min(lowest, highest));
    keep(Math.max(lowest, highest));
    keep(last);
    first = -1;
  };
  const from = Math.max(0, firstAtLeast(x, least) - 1);
  for (let index = from; index < x.length; index++) {
    const place = x[index]!;
    if (Number.isNaN(place)) continue;
    if (!isDrawable(place, y[index]!)) {
      keepPart();
      keep(index);
    } else {
      if (place >= end) {
        keepPart();
        end = endOf(place);
      }
      if (first === -1) first = lowest = highest = index;
      if (y[index]! < y[lowest]!) lowest = index;
      if (y[index]! > y[highest]!) highest = index;
      last = index;
    }
    if (place > most) break;
  }
  keepPart();
  return { x: valuesAt(x, kept), y: valuesAt(y, kept) };
}

/** For a place, the one at which the next column begins. */
function columnEnds({ range: [least, most], count, isLogarithmic }: Columns): (place: number) => number {
  if (!isLogarithmic) {
    const width = (most - least) / count;
    return (place) => least + width * (Math.floor((place - least) / width) + 1);
  }
  const width = Math.log(most / least) / count;
  return (place) => least * Math.exp(width * (Math.floor(Math.log(place / least) / width) + 1));
}

function valuesAt(values: Float64Array, indices: readonly number[]): Float64Array {
  const taken = new Float64Array(indices.length);
  for (let at = 0; at < taken.length; at++) taken[at] = values[indices[at]!]!;
  return taken;
}
