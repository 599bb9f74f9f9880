/** A figure, and how far it would lie from another one of its kind: of other lines, places or files. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * A ratio of sums, Σ parts / Σ wholes, with the standard error of a ratio estimator (Cochran, Sampling Techniques, 1977, 2.11):
 * what is drawn together (the places of a line, the characters of a file) is one sample.
 * @param parts may be differences of two measurements on the same sample: then the standard error is that of a paired one
 */
export function ratioOf(samples: readonly { readonly part: number; readonly whole: number }[]): Estimate {
  const count = samples.length;
  const [part, whole] = [sum(samples.map((sample) => sample.part)), sum(samples.map((sample) => sample.whole))];
  if (whole === 0) return { value: 0, standardError: 0 };
  const value = part / whole;
  const squares = sum(samples.map((sample) => (sample.part - value * sample.whole) ** 2));
  const standardError = count < 2 ? 0 : Math.sqrt((squares * count) / (count - 1)) / Math.abs(whole);
  return { value, standardError };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
