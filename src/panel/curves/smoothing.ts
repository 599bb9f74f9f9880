/**
 * An exponential moving average with the bias of its start taken out (Kingma & Ba 2015, section 3): each value is the mean
 * of those so far, weighted by `weight` to the power of their distance. What is not finite is left as it is, and left out.
 * @param weight from 0 (the values themselves) to below 1
 */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  if (weight === 0) return values;
  const result = new Float64Array(values.length);
  let [sum, total] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value;
      total = weight * total + (1 - weight);
    }
    result[index] = Number.isFinite(value) ? sum / total : value;
  }
  return result;
}
