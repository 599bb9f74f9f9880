export type Range = readonly [least: number, most: number];

/**
 * Limits of a vertical axis a little beyond its least and largest value; both above 0 where it is logarithmic.
 * @param extremes the first larger than the second where there is no value
 */
export function rangeAround([least, most]: Range, isLogarithmic: boolean): Range {
  if (!(least <= most)) return isLogarithmic ? [1, 100] : [0, 1];
  if (!isLogarithmic) {
    const margin = 0.06 * (most - least) || 0.1 * Math.abs(most) || 1;
    return [least >= 0 ? Math.max(0, least - margin) : least - margin, most + margin];
  }
  const margin = Math.max(0.06, 0.06 * Math.log(most / least));
  return [least * Math.exp(-margin), most * Math.exp(margin)];
}

/** Round values for a logarithmic axis: 1, 2, 5, 10, 20, …, closer together where less than a decade is shown. */
export function logarithmicTicks(least: number, most: number): number[] {
  const decades = Math.log10(most / least);
  const mantissas = decades > 3 ? [1] : decades > 0.9 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  if (decades < 0.3) return evenTicks(least, most);
  const stride = Math.max(1, Math.ceil(decades / 6));
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(least)); 10 ** exponent <= most; exponent++) {
    if (exponent % stride !== 0) continue;
    for (const mantissa of mantissas) ticks.push(mantissa * 10 ** exponent);
  }
  return ticks.filter((tick) => tick >= least && tick <= most);
}

/** Round values at even distances of 1, 2 or 5 times a power of ten, about five of them. */
function evenTicks(least: number, most: number): number[] {
  const rough = (most - least) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}
