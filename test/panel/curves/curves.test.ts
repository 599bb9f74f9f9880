import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../../src/text/metrics';
import { logarithmicTicks, rangeAround } from '../../../src/panel/curves/axisRange';
import { bestIndex, chartContents } from '../../../src/panel/curves/chartContents';
import { aligned, valueAt } from '../../../src/panel/curves/curve';
import { placesOn } from '../../../src/panel/curves/horizontalAxis';
import { smoothed } from '../../../src/panel/curves/smoothing';
import { curvesOf } from '../../../src/protocol/runCurves';
import type { Measurement } from '../../../src/store/files';

const numbers = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('smoothing', () => {
  it('gives the values themselves at 0, and a level line for equal values', () => {
    expect(smoothed(Float64Array.of(3, 1, 2), 0)).toEqual(Float64Array.of(3, 1, 2));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 50 }), (weight, length) => {
        for (const value of smoothed(new Float64Array(length).fill(7), weight)) expect(value).toBeCloseTo(7, 9);
      }),
    );
  });

  it('is the mean of what was before, weighted by distance', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 0.99, noNaN: true }), (values, weight) => {
        const weights = values.map((_, index) => weight ** (values.length - 1 - index));
        const total = weights.reduce((sum, each) => sum + each, 0);
        const expected = values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
        expect(smoothed(Float64Array.from(values), weight).at(-1)).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('passes over what is not finite', () => {
    expect(smoothed(Float64Array.of(2, NaN, 2), 0.9)).toEqual(Float64Array.of(2, NaN, 2));
  });
});

describe('curves on one axis', () => {
  const all = () => true;

  it('stand at the union of their places', () => {
    const [places, first, second] = aligned(
      [
        { x: Float64Array.of(1, 3), y: Float64Array.of(30, 10) },
        { x: Float64Array.of(2, 3), y: Float64Array.of(16, 12) },
      ],
      all,
    );
    expect(places).toEqual([1, 2, 3]);
    expect(first).toEqual([30, undefined, 10]);
    expect(second).toEqual([undefined, 16, 12]);
  });

  it('are broken where a value cannot be drawn', () => {
    const curve = { x: Float64Array.of(1, 2, 3), y: Float64Array.of(1, NaN, 0) };
    expect(aligned([curve], (_, y) => Number.isFinite(y) && y > 0)[1]).toEqual([1, null, null]);
  });

  it('have a value from their first place on', () => {
    const curve = { x: Float64Array.of(2, 4), y: Float64Array.of(20, 40) };
    expect([1, 2, 3, 4, 9].map((place) => valueAt(curve, place))).toEqual([undefined, 20, 20, 40, 40]);
  });
});

describe('the vertical axis', () => {
  it('holds every value, above 0 where it is logarithmic', () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (values, isLogarithmic) => {
        const extremes = [Math.min(...values), Math.max(...values)] as const;
        const [least, most] = rangeAround(extremes, isLogarithmic);
        expect(least).toBeGreaterThanOrEqual(0);
        if (isLogarithmic) expect(least).toBeGreaterThan(0);
        expect(most).toBeGreaterThan(least);
        for (const value of values) expect(value >= least && value <= most).toBe(true);
      }),
    );
  });

  it.each([
    [3.4, 120, [5, 10, 20, 50, 100]],
    [1, 20_000, [1, 10, 100, 1_000, 10_000]],
    [3.9, 9.2, [4, 5, 6, 8]],
    [3.9, 6.2, [4, 4.5, 5, 5.5, 6]],
  ])('has round ticks from %d to %d', (least, most, expected) => {
    expect(logarithmicTicks(least, most)).toEqual(expected);
  });
});

const history: Measurement[] = [
  {
    ...{ type: 'start', step: 0, trainCharacters: 9, validationCharacters: 9, testCharacters: 9, vocabulary: 65 },
    ...{ uniform: qualityOf(Math.log(65)), unigram: qualityOf(Math.log(20)) },
    compressor: { name: 'Brotli', ...qualityOf(Math.log(5)) },
  },
  { type: 'validation', step: 0, ...qualityOf(Math.log(40)), at: 1_000_000 },
  ...[10, 20].map((step): Measurement => ({
    ...{ type: 'progress', step, characters: 100 * step, seconds: step / 2, charactersPerSecond: 200 },
    ...{ nats: Math.log(30 - step), perplexity: 30 - step, gradientNorm: 0.5, learningRate: 0.1 },
    at: 1_000_000 + 500 * step,
  })),
  { type: 'validation', step: 15, ...qualityOf(Math.log(12)) },
  { type: 'validation', step: 20, ...qualityOf(Math.log(14)) },
];

describe('the charts of a run', () => {
  const run = curvesOf('r', 'Run', history);
  const options = { axis: 'step', logX: false, logY: true, smoothing: 0 } as const;

  it('say what its history says', () => {
    const { perplexity, gradientNorm, learningRate, charactersPerSecond } = chartContents(run, [], options);
    expect(perplexity.curves.map(({ name, y }) => [name, [...y].map(Math.round)])).toEqual([
      ['Training', [20, 10]],
      ['Validation', [40, 12, 14]],
    ]);
    expect([...gradientNorm.curves[0]!.y]).toEqual([0.5, 0.5]);
    expect([...learningRate.curves[0]!.y]).toEqual([0.1, 0.1]);
    expect([...charactersPerSecond.curves[0]!.y]).toEqual([200, 200]);
  });

  it('have its baselines as lines, its best value and what it began with as points', () => {
    const { levels, marks } = chartContents(run, [], options).perplexity;
    expect(levels.map(({ name, value }) => [name, Math.round(value)])).toEqual([
      ['Uniform', 65],
      ['Unigram', 20],
      ['Brotli', 5],
    ]);
    expect(marks.map(({ kind, x, y }) => [kind, x, Math.round(y)])).toEqual([
      ['start', 0, 40],
      ['best', 15, 12],
    ]);
    expect(bestIndex(Float64Array.of(NaN, Infinity))).toBeUndefined();
  });

  it('have the raw values behind the smooth ones', () => {
    const { curves } = chartContents(run, [], { ...options, smoothing: 0.9 }).gradientNorm;
    expect(curves.map(({ isBackground }) => isBackground)).toEqual([true, false]);
  });

  it('lie over those of other runs', () => {
    const { perplexity, gradientNorm } = chartContents(run, [{ ...run, name: 'Other' }], options);
    expect(perplexity.curves.map(({ name, style }) => [name, style])).toEqual([
      ['Other', 'run0'],
      ['Training', 'training'],
      ['Validation', 'validation'],
    ]);
    expect(gradientNorm.curves).toHaveLength(2);
  });

  it.each([
    ['step', [10, 20], [0, 15, 20]],
    ['characters', [1_000, 2_000], [0, 1_500, 2_000]],
    ['seconds', [5, 10], [0, 7.5, 10]],
    ['time', [1_005, 1_010], [1_000, NaN, NaN]],
  ] as const)('can be drawn over %s', (axis, progress, validation) => {
    const places = placesOn(axis, run);
    expect([...places.progress]).toEqual(progress);
    expect([...places.validation]).toEqual(validation);
  });
});
