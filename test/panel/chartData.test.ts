import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../src/core/metrics';
import { emptyPanelState } from '../../src/protocol/panelState';
import { chartData, logarithmicTicks, perplexityRange } from '../../src/panel/chartData';

const validation = (step: number, perplexity: number) =>
  ({ type: 'validation', step, ...qualityOf(Math.log(perplexity)) }) as const;
const progress = (step: number, perplexity: number) => ({
  ...{ type: 'progress' as const, step, characters: 0, seconds: 0, charactersPerSecond: 0, gradientNorm: 0 },
  ...{ learningRate: 0, nats: Math.log(perplexity), perplexity },
});

describe('chart data', () => {
  it('joins the curves over their steps', () => {
    const [steps, training, held, baseline] = chartData({
      ...emptyPanelState,
      progress: [progress(1, 30), progress(3, 10)],
      validation: [validation(2, 16), validation(3, 12)],
    });
    expect(steps).toEqual([1, 2, 3]);
    expect(training).toEqual([30, null, 10]);
    expect(held!.map((value) => value && Math.round(value))).toEqual([null, 16, 12]);
    expect(baseline).toEqual([null, null, null]);
  });

  it.each([
    [[[1], [5], [5], [5]]],
    [
      [
        [1, 2],
        [null, 3],
        [80, null],
        [100, 100],
      ],
    ],
    [[[1], [1], [null], [null]]],
    [[[], [], [], []]],
  ] as [Parameters<typeof perplexityRange>[0]][])('has every curve within the axis: %j', (data) => {
    const [least, most] = perplexityRange(data);
    const values = data
      .slice(1)
      .flat()
      .filter((value) => value !== null);
    expect(least).toBeGreaterThanOrEqual(1);
    expect(most).toBeGreaterThan(least);
    for (const value of values) expect(value >= least && value <= most).toBe(true);
  });

  it.each([
    [3.4, 120, [5, 10, 20, 50, 100]],
    [1, 20_000, [1, 10, 100, 1_000, 10_000]],
    [3.9, 6.2, [4, 5, 6]],
  ])('has round ticks from %d to %d', (least, most, expected) => {
    expect(logarithmicTicks(least, most)).toEqual(expected);
  });
});
