/** The L2 norm of all values together, summed in float64. */
export function globalNorm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/**
 * g ← min(1, θ/‖g‖) g, in place, ‖g‖ being the L2 norm over all parameters together (Pascanu et al. 2013).
 * @param threshold θ; 0: no clipping
 * @returns the norm before clipping
 */
export function clipGradient(gradient: Float32Array, threshold: number): number {
  const norm = globalNorm(gradient);
  if (threshold > 0 && norm > threshold) {
    const factor = threshold / norm;
    for (let index = 0; index < gradient.length; index++) gradient[index]! *= factor;
  }
  return norm;
}
