import { matchLevels, type MatchCounts } from './matchCounts';
import { mixtureContext, trustIndex } from './memoryWeights';

const levels = matchLevels.length;

/** What the memory expects next. Tokens without a match share `rest` in the proportion of the base. */
export interface MemoryDistribution {
  size: number;
  /** `[size]`: tokens that followed a match, and their probabilities. */
  readonly tokens: Int32Array;
  readonly probabilities: Float64Array;
  /** A token that followed no match has this times its probability in the base. */
  rest: number;
  /** Context of the mixture's exponents. */
  context: number;
}

export function createMemoryDistribution(mostTokens: number): MemoryDistribution {
  return {
    size: 0,
    tokens: new Int32Array(mostTokens),
    probabilities: new Float64Array(mostTokens),
    rest: 1,
    context: 0,
  };
}

/**
 * Blends the levels from the shortest matches upwards: p ← (1 - λ) p + λ c_k / n_k, beginning with a base.
 * @param base `[vocabulary]`: probabilities without the matches
 * @param trustFrom where the trust of this kind of place begins
 * @param onLevel told, before each level is blended in, where its λ stands; for whoever fits them
 */
export function blendLevels(
  result: MemoryDistribution,
  counts: MatchCounts,
  base: Float64Array,
  trust: Float64Array,
  trustFrom = 0,
  onLevel?: (level: number, index: number) => void,
): void {
  const { size, tokens, weights, totals, distinct, mostFrequent } = counts;
  const { probabilities } = result;
  result.size = size;
  result.rest = 1;
  result.context = mixtureContext(-1, 0);
  for (let slot = 0; slot < size; slot++) {
    result.tokens[slot] = tokens[slot]!;
    probabilities[slot] = base[tokens[slot]!]!;
  }
  for (let level = 0; level < levels; level++) {
    if (totals[level] === 0) continue;
    const index = trustFrom + trustIndex(level, totals[level]!, distinct[level]!, probabilities[mostFrequent[level]!]!);
    const lambda = trust[index]!;
    onLevel?.(level, index);
    const scale = lambda / totals[level]!;
    for (let slot = 0; slot < size; slot++) {
      probabilities[slot] = (1 - lambda) * probabilities[slot]! + scale * weights[slot * levels + level]!;
    }
    result.rest *= 1 - lambda;
    result.context = mixtureContext(level, distinct[level]!);
  }
}
