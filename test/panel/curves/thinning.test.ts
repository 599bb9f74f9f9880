import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned, type Columns } from '../../../src/panel/curves/thinning';

const isDrawable = (_: number, y: number) => Number.isFinite(y);

/** Ascending places with values, some of which are not finite. */
const curves = fc
  .array(fc.tuple(fc.nat(5), fc.oneof({ weight: 9, arbitrary: fc.nat(100) }, fc.constant(NaN))), { maxLength: 300 })
  .map((points) => {
    let at = 1;
    const x = Float64Array.from(points, ([apart]) => (at += apart));
    return { x, y: Float64Array.from(points, ([, value]) => value) };
  });

const canvases: fc.Arbitrary<Columns> = fc
  .record({ from: fc.integer({ min: 1, max: 400 }), width: fc.integer({ min: 1, max: 900 }) })
  .chain(({ from, width }) =>
    fc.record({
      range: fc.constant([from, from + width] as const),
      count: fc.integer({ min: 1, max: 60 }),
      isLogarithmic: fc.boolean(),
    }),
  );

/** The parts of the line in every column that is seen, each as what of it can be told apart: where it begins, ends, and reaches. */
function linesDrawn({ x, y }: { x: Float64Array; y: Float64Array }, { range, count, isLogarithmic }: Columns) {
  const scaled = (place: number) => (isLogarithmic ? Math.log(place) : place);
  const [least, most] = [scaled(range[0]), scaled(range[1])];
  const parts: { column: number; values: number[] }[] = [];
  let isBroken = true;
  x.forEach((place, index) => {
    if (place < range[0] || place > range[1]) return;
    const column = Math.floor((count * (scaled(place) - least)) / (most - least) + 1e-9);
    const value = y[index]!;
    const part = parts.at(-1);
    if (!Number.isFinite(value)) isBroken = true;
    else if (isBroken || part?.column !== column) [isBroken] = [false, parts.push({ column, values: [value] })];
    else part.values.push(value);
  });
  return parts.map(({ column, values }) => [
    ...[column, values[0], values.at(-1)],
    ...[Math.min(...values), Math.max(...values)],
  ]);
}

describe('a curve that is thinned', () => {
  it('draws the same line', () => {
    fc.assert(
      fc.property(curves, canvases, (curve, columns) => {
        expect(linesDrawn(thinned(curve, columns, isDrawable), columns)).toEqual(linesDrawn(curve, columns));
      }),
    );
  });

  it('goes on to the next value on either side', () => {
    const curve = { x: Float64Array.of(1, 2, 5, 8, 9), y: Float64Array.of(10, 20, 50, 80, 90) };
    const columns = { range: [4, 6], count: 10, isLogarithmic: false } as const;
    expect([...thinned(curve, columns, isDrawable).x]).toEqual([2, 5, 8]);
  });

  it('has four values in a column at most, where nothing breaks it', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, at) => at);
    const y = x.map((at) => Math.sin(1.7 * at));
    const columns = { range: [0, 99_999], count: 1_000, isLogarithmic: false } as const;
    expect(thinned({ x, y }, columns, isDrawable).x.length).toBeLessThanOrEqual(4_000);
  });

  it('leaves out what stands at no known place', () => {
    const curve = { x: Float64Array.of(NaN, 1, 2), y: Float64Array.of(1, 2, 3) };
    const columns = { range: [1, 2], count: 10, isLogarithmic: false } as const;
    expect([...thinned(curve, columns, isDrawable).y]).toEqual([2, 3]);
  });
});
