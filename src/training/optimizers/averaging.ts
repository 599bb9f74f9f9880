/** The average is that of about the last ninth of all steps. */
const emphasis = 8;

/**
 * avg ← (1 - r) avg + r w over the range [start, end), r = 9 / (t + 8) at update t: polynomial-decay averaging (Shamir and
 * Zhang 2013), which needs to know no length of the training. While the learning rate is high, averaged weights are far
 * better than the last ones; when it has fallen, as good.
 * @param update its number; the first one is 1, which copies the weights
 */
export function averageStep(
  average: Float32Array,
  weights: Float32Array,
  update: number,
  start: number,
  end: number,
): void {
  const rate = (emphasis + 1) / (update + emphasis);
  for (let index = start; index < end; index++) average[index]! += rate * (weights[index]! - average[index]!);
}
