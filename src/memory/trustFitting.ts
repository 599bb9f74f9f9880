import type { MatchCounts } from './matchCounts';
import { blendLevels, type MemoryDistribution } from './memoryDistribution';

/** Fits the trust to the token that came after a context whose matches are counted. */
export type TrustFitting = (
  token: number,
  distribution: MemoryDistribution,
  counts: MatchCounts,
  base: Float64Array,
  trustFrom: number,
) => void;

/** Slowest rate at which trust follows what comes; faster at first. */
const slowestRate = 0.004;
/** Places that the initial trust is worth. */
const initialPlaces = 4;

/**
 * On-line expectation maximisation: λ of each level moves towards the share that the level had in the probability of the
 * token, λ q / (λ q + (1 - λ) p).
 * @param trust changed in place
 */
export function createTrustFitting(trust: Float64Array): TrustFitting {
  const places = new Float64Array(trust.length).fill(initialPlaces);
  return (token, distribution, counts, base, trustFrom) => {
    const slot = counts.tokens.subarray(0, counts.size).indexOf(token);
    blendLevels(distribution, counts, base, trust, trustFrom, (level, index) => {
      const before = slot < 0 ? distribution.rest * base[token]! : distribution.probabilities[slot]!;
      const there = slot < 0 ? 0 : counts.weights[slot * counts.totals.length + level]! / counts.totals[level]!;
      const lambda = trust[index]!;
      const share = (lambda * there) / (lambda * there + (1 - lambda) * before);
      const rate = Math.max(1 / ++places[index]!, slowestRate);
      // Never quite 0 or 1: what was never seen must stay possible.
      trust[index] = Math.min(0.9999, Math.max(0.0001, lambda + rate * (share - lambda)));
    });
  };
}
