import type { PanelState } from '../protocol/panel';

/** Steps, training, validation and baseline perplexity, one column for each step that has a measurement. */
export type ChartData = [steps: number[], ...curves: (number | null)[][]];

/** The curves over the union of their steps; null where a curve has no value. */
export function chartData({ progress, validation, start }: PanelState): ChartData {
  const training = new Map(progress.map(({ step, perplexity }) => [step, perplexity]));
  const held = new Map(validation.map(({ step, perplexity }) => [step, perplexity]));
  const steps = [...new Set([...training.keys(), ...held.keys()])].sort((a, b) => a - b);
  const at = (curve: ReadonlyMap<number, number>) => steps.map((step) => curve.get(step) ?? null);
  const baseline = start?.uniform.perplexity ?? null;
  return [steps, at(training), at(held), steps.map(() => baseline)];
}

/** Limits of the perplexity axis, a little beyond the curves; both above 0, as a logarithmic axis needs. */
export function perplexityRange([, ...curves]: ChartData): [least: number, most: number] {
  const values = curves.flat().filter((value) => value !== null && value > 0) as number[];
  if (values.length === 0) return [1, 100];
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const margin = Math.max(0.06, 0.06 * Math.log(most / least));
  return [Math.max(1, least * Math.exp(-margin)), most * Math.exp(margin)];
}

/** Round values for a logarithmic axis: 1, 2, 5, 10, 20, …, closer together where less than a decade is shown. */
export function logarithmicTicks(least: number, most: number): number[] {
  const decades = Math.log10(most / least);
  const mantissas = decades > 3 ? [1] : decades > 0.9 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(least)); 10 ** exponent <= most; exponent++) {
    for (const mantissa of mantissas) ticks.push(mantissa * 10 ** exponent);
  }
  return ticks.filter((tick) => tick >= least && tick <= most);
}
