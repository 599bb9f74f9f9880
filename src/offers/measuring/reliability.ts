/** A suggestion that was measured: how sure the model was, from 0 to 1, and whether it was right. */
export interface Outcome {
  readonly confidence: number;
  readonly right: boolean;
}

/** The suggestions whose confidence lies between two bounds. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence. */
  readonly confidence: number;
  /** Share that was right. */
  readonly right: number;
}

/** What is shown when suggestions below a threshold are not. */
export interface OperatingPoint {
  readonly threshold: number;
  /** Share of all places at which something is shown. */
  readonly shownShare: number;
  /** Share of what is shown that is right; null where nothing is. */
  readonly precision: number | null;
}

/** The reliability diagram: bins of equal width, those without suggestions left out. */
export function reliabilityCurve(outcomes: readonly Outcome[], bins = 10): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (const { confidence, right } of outcomes) {
    const sum = sums[Math.min(bins - 1, Math.floor(confidence * bins))]!;
    sum.count++;
    sum.confidence += confidence;
    if (right) sum.right++;
  }
  return sums.flatMap(({ count, confidence, right }, bin) =>
    count === 0
      ? []
      : [{ from: bin / bins, to: (bin + 1) / bins, count, confidence: confidence / count, right: right / count }],
  );
}

/**
 * Σ (count / all) |share that was right - mean confidence| over the bins (Naeini, Cooper and Hauskrecht 2015); 0 where there
 * are none.
 */
export function expectedCalibrationError(curve: readonly ReliabilityBin[]): number {
  const total = curve.reduce((sum, { count }) => sum + count, 0);
  return curve.reduce((sum, { count, confidence, right }) => sum + (count / total) * Math.abs(right - confidence), 0);
}

/**
 * What a threshold shows.
 * @param shown what is shown at each of the places with a suggestion that is sure enough
 */
export function operatingPoint(threshold: number, shown: readonly Outcome[], places: number): OperatingPoint {
  const right = shown.filter((outcome) => outcome.right).length;
  return {
    threshold,
    shownShare: places === 0 ? 0 : shown.length / places,
    precision: shown.length === 0 ? null : right / shown.length,
  };
}
