import type { MatchCounts } from './matchCounts';
import { blendLevels, createMemoryDistribution, logProbabilities } from './memoryDistribution';
import { createTrustFitting } from './trustFitting';

/** One reading of counted matches: a distribution over the next token. */
export interface MemoryExpert {
  /**
   * ln of the probabilities, `[vocabulary]`, after the counts have changed; overwritten by the next call.
   * @param base ln of the distribution of what followed no match, `[vocabulary]`
   */
  predict(base: Float32Array): Float32Array;
  /** Fits the trust to the token that came, after {@link predict}. */
  learn(token: number): void;
  /** Context of the mixture's exponents: see `mixtureContext`. */
  context(): number;
}

/** @param trust changed in place by learning */
export function createMemoryExpert(counts: MatchCounts, trust: Float64Array, vocabularySize: number): MemoryExpert {
  const distribution = createMemoryDistribution(vocabularySize);
  const logarithms = new Float32Array(vocabularySize);
  const fitTrust = createTrustFitting(trust);
  let base: Float32Array = logarithms;
  const probability = (token: number): number => Math.exp(base[token]!);
  return {
    predict(logBase) {
      base = logBase;
      blendLevels(distribution, counts, probability, trust);
      logProbabilities(distribution, base, logarithms);
      return logarithms;
    },
    learn: (token) => fitTrust(token, distribution, counts, probability),
    context: () => distribution.context,
  };
}
