import type { MatchCounts } from '../matchCounts';
import { blendLevels, createMemoryDistribution } from '../memoryDistribution';
import { trustOfPlace } from '../memoryWeights';
import { floor, type Prediction, type PredictionBase } from '../prediction';
import { createTrustFitting } from '../trustFitting';

/** One reading of counted matches: a distribution over the next token. */
export interface MemoryExpert {
  /**
   * After the counts have changed; overwritten by the next call.
   * @param base what is expected where there was no match
   * @param place kind of the place, where the trust depends on it
   */
  predict(base: PredictionBase, place?: number): Prediction;
  /** Fits the trust to the token that came, after {@link predict}. */
  learn(token: number): void;
  /** Context of the mixture's exponents: see `mixtureContext`. */
  context(): number;
}

/** @param trust `[places, …]`, changed in place by learning */
export function createMemoryExpert(counts: MatchCounts, trust: Float64Array, vocabularySize: number): MemoryExpert {
  const distribution = createMemoryDistribution(vocabularySize);
  const { tokens } = distribution;
  const logarithms = new Float64Array(vocabularySize);
  const fitTrust = createTrustFitting(trust);
  let base: Float64Array = logarithms;
  let from = 0;
  return {
    predict(expected, place = 0) {
      base = expected.probabilities;
      from = trust.length > trustOfPlace ? place * trustOfPlace : 0;
      blendLevels(distribution, counts, base, trust, from);
      const { size, probabilities, rest } = distribution;
      for (let slot = 0; slot < size; slot++) logarithms[slot] = Math.max(floor, Math.log(probabilities[slot]!));
      return { base: expected, rest: Math.log(rest), size, tokens, logarithms };
    },
    learn: (token) => fitTrust(token, distribution, counts, base, from),
    context: () => distribution.context,
  };
}
