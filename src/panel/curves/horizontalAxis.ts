import type { RunCurves } from '../../protocol/runCurves';

/** What the charts may be drawn over. */
export const horizontalAxes = ['step', 'characters', 'seconds', 'time'] as const;
export type HorizontalAxis = (typeof horizontalAxes)[number];

/** Where the measurements of a run stand on an axis; `time` in seconds since 1970, NaN where it is not known. */
export interface Places {
  readonly progress: Float64Array;
  readonly validation: Float64Array;
}

export function placesOn(axis: HorizontalAxis, { progress, validation }: RunCurves): Places {
  switch (axis) {
    case 'step':
      return { progress: progress.step, validation: validation.step };
    case 'time':
      return { progress: progress.at.map(toSeconds), validation: validation.at.map(toSeconds) };
    default:
      return {
        progress: progress[axis],
        validation: validation.step.map((step) => interpolated(progress.step, progress[axis], step)),
      };
  }
}

const toSeconds = (milliseconds: number): number => milliseconds / 1000;

/** The value at a place between known ones, in a straight line; from 0 at place 0, and flat behind the last. */
function interpolated(places: Float64Array, values: Float64Array, place: number): number {
  const after = firstAtLeast(places, place);
  if (after === places.length) return values.at(-1) ?? 0;
  const [x0, y0] = after === 0 ? [0, 0] : [places[after - 1]!, values[after - 1]!];
  const [x1, y1] = [places[after]!, values[after]!];
  return x1 === x0 ? y1 : y0 + ((place - x0) / (x1 - x0)) * (y1 - y0);
}

/** Index of the first of ascending values that is not smaller; their number where all are. */
export function firstAtLeast(values: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
