import * as v from 'valibot';
import { startMeasurementSchema, type Measurement } from '../store/files';

/** Numbers of one kind, one for each measurement; NaN where there is none. They pass through a webview as they are. */
const column = v.custom<Float64Array>((value) => value instanceof Float64Array);

/** What a training has measured, as columns of equal length by ascending step. */
export const runCurvesSchema = v.object({
  run: v.string(),
  /** What its user calls it, or else when it began. */
  name: v.string(),
  start: v.nullable(startMeasurementSchema),
  progress: v.pipe(
    v.object({
      step: column,
      characters: column,
      seconds: column,
      charactersPerSecond: column,
      nats: column,
      gradientNorm: column,
      learningRate: column,
      at: column,
    }),
    v.check((columns) => areEqualLong(Object.values(columns))),
  ),
  validation: v.pipe(
    v.object({ step: column, nats: column, at: column }),
    v.check((columns) => areEqualLong(Object.values(columns))),
  ),
});
export type RunCurves = v.InferOutput<typeof runCurvesSchema>;
export type ProgressColumns = RunCurves['progress'];

function areEqualLong([first, ...others]: readonly Float64Array[]): boolean {
  return others.every(({ length }) => length === first!.length);
}

/** Measurements as columns; of two at one step the later. Validation and progress may each have any order of steps. */
export function curvesOf(run: string, name: string, measurements: readonly Measurement[]): RunCurves {
  const progress = inOrder(measurements.filter((measurement) => measurement.type === 'progress'));
  const validation = inOrder(measurements.filter((measurement) => measurement.type === 'validation'));
  return {
    ...{ run, name },
    start: measurements.findLast((measurement) => measurement.type === 'start') ?? null,
    progress: {
      step: columnOf(progress, ({ step }) => step),
      characters: columnOf(progress, ({ characters }) => characters),
      seconds: columnOf(progress, ({ seconds }) => seconds),
      charactersPerSecond: columnOf(progress, ({ charactersPerSecond }) => charactersPerSecond),
      nats: columnOf(progress, ({ nats }) => nats),
      gradientNorm: columnOf(progress, ({ gradientNorm }) => gradientNorm),
      learningRate: columnOf(progress, ({ learningRate }) => learningRate),
      at: columnOf(progress, ({ at }) => at ?? NaN),
    },
    validation: {
      step: columnOf(validation, ({ step }) => step),
      nats: columnOf(validation, ({ nats }) => nats),
      at: columnOf(validation, ({ at }) => at ?? NaN),
    },
  };
}

function columnOf<T>(rows: readonly T[], valueOf: (row: T) => number): Float64Array {
  return Float64Array.from(rows, valueOf);
}

function inOrder<T extends { readonly step: number }>(points: readonly T[]): readonly T[] {
  if (points.every(({ step }, index) => index === 0 || step > points[index - 1]!.step)) return points;
  const byStep = new Map(points.map((point) => [point.step, point]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}
