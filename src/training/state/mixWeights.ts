import type { Weights } from '../../core/parameters';

/** (1 - share) weights + share others, both laid out alike. */
export function mixWeights(weights: Weights, others: Weights, share: number): Weights {
  const values = weights.values.map((value, index) => (1 - share) * value + share * others.values[index]!);
  return { ...weights, values };
}
