import { firstAtLeast } from './horizontalAxis';

/** Looks of a curve: those of the run that is shown, and one for each run that is laid over it. */
export type CurveStyle = 'training' | 'validation' | `run${number}`;

/** A line of a chart. */
export interface Curve {
  readonly name: string;
  readonly style: CurveStyle;
  /** Ascending; the places of its values. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Stands behind a smoother curve of the same values, faintly. */
  readonly isBackground: boolean;
  /** Measured so seldom that each point is marked. */
  readonly hasPoints: boolean;
}

/** A value with a name, drawn as a level line. */
export interface Level {
  readonly name: string;
  readonly value: number;
}

/** A point with a name. */
export interface Mark {
  readonly kind: 'best' | 'start';
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly style: CurveStyle;
}

/** What one chart shows. */
export interface ChartContent {
  readonly curves: readonly Curve[];
  readonly levels: readonly Level[];
  readonly marks: readonly Mark[];
}

/** The value of a curve at a place, or the last one before it; undefined where it begins later. */
export function valueAt({ x, y }: Pick<Curve, 'x' | 'y'>, place: number): number | undefined {
  const after = firstAtLeast(x, place);
  const index = after < x.length && x[after] === place ? after : after - 1;
  return index < 0 ? undefined : y[index];
}

/** Columns over the union of all places, as uPlot wants them; null where a curve has no value or none that can be drawn. */
export type Aligned = [x: number[], ...columns: (number | null | undefined)[][]];

/** @param isDrawable on a logarithmic axis only what is above 0 */
export function aligned(
  curves: readonly Pick<Curve, 'x' | 'y'>[],
  isDrawable: (x: number, y: number) => boolean,
): Aligned {
  const places = unionOf(curves.map(({ x }) => x));
  const columns = curves.map(({ x, y }) => columnAt(places, x, y, isDrawable));
  return [places, ...columns];
}

function columnAt(
  places: readonly number[],
  x: Float64Array,
  y: Float64Array,
  isDrawable: (x: number, y: number) => boolean,
): (number | null | undefined)[] {
  // What is undefined is spanned by the line; null breaks it.
  const column = new Array<number | null | undefined>(places.length).fill(undefined);
  let at = 0;
  for (let index = 0; index < x.length; index++) {
    while (at < places.length && places[at]! < x[index]!) at++;
    if (places[at] !== x[index]) continue;
    column[at] = isDrawable(x[index]!, y[index]!) ? y[index]! : null;
  }
  return column;
}

function unionOf(lists: readonly Float64Array[]): number[] {
  return [...new Set(lists)].map(ascending).reduce(merged, []);
}

/** Known places in order: measurements of a clock that was set back are not. */
function ascending(places: Float64Array): number[] {
  const known = Array.from(places).filter((place) => !Number.isNaN(place));
  const isOrdered = known.every((place, index) => index === 0 || place >= known[index - 1]!);
  return isOrdered ? known : known.sort((a, b) => a - b);
}

/** Both ascending; each place once. */
function merged(first: readonly number[], second: readonly number[]): number[] {
  const all: number[] = [];
  for (let [a, b] = [0, 0]; a < first.length || b < second.length;) {
    const place = (first[a] ?? Infinity) <= (second[b] ?? Infinity) ? first[a++]! : second[b++]!;
    if (all.at(-1) !== place) all.push(place);
  }
  return all;
}
