import type { MatchCounts } from '../matchCounts';
import { blendLevels, createMemoryDistribution, logProbabilities } from '../memoryDistribution';
import { trustOfPlace } from '../memoryWeights';
import { createTrustFitting } from '../trustFitting';

/** One reading of counted matches: a distribution over the next token. */
export interface MemoryExpert {
  /**
   * ln of the probabilities, `[vocabulary]`, after the counts have changed; overwritten by the next call.
   * @param base ln of the distribution of what followed no match, `[vocabulary]`
   * @param place kind of the place, where the trust depends on it
   */
  predict(base: Float32Array, place?: number): Float32Array;
  /** Fits the trust to the token that came, after {@link predict}. */
  learn(token: number): void;
  /** Context of the mixture's exponents: see `mixtureContext`. */
  context(): number;
}

/** @param trust `[places, …]`, changed in place by learning */
export function createMemoryExpert(counts: MatchCounts, trust: Float64Array, vocabularySize: number): MemoryExpert {
  const distribution = createMemoryDistribution(vocabularySize);
  const logarithms = new Float32Array(vocabularySize);
  const fitTrust = createTrustFitting(trust);
  let base: Float32Array = logarithms;
  let from = 0;
  const probability = (token: number): number => Math.exp(base[token]!);
  return {
    predict(logBase, place = 0) {
      base = logBase;
      from = trust.length > trustOfPlace ? place * trustOfPlace : 0;
      blendLevels(distribution, counts, probability, trust, from);
      // Most often there is none.
      if (counts.size === 0) return base;
      logProbabilities(distribution, base, logarithms);
      return logarithms;
    },
    learn: (token) => fitTrust(token, distribution, counts, probability, from),
    context: () => distribution.context,
  };
}
