import { matchLevels } from './matchCounts';

/** How far the memory is trusted; fitted on held-out text and then frozen. */
export interface MemoryWeights {
  /** Weight of what followed the matches of a level, by {@link trustIndex}. */
  readonly trust: Float64Array;
  /** Exponents of network and memory in the mixture, in pairs, by {@link mixtureContext}. */
  readonly exponents: Float64Array;
}

const totalBuckets = 10;
const mostDistinct = 4;
/** Lower ends of the buckets of a probability. */
const probabilitySteps = [0.01, 0.03, 0.1, 0.25, 0.5, 0.8, 0.95] as const;
const probabilityBuckets = probabilitySteps.length + 1;
const mixtureDistinct = 4;

/** Numbers in `trust` and in `exponents`. */
export const trustLength = matchLevels.length * totalBuckets * mostDistinct * probabilityBuckets;
export const exponentsLength = 2 * (matchLevels.length * mixtureDistinct + 1);

/**
 * Where the trust in a level's matches stands.
 * @param total sum of their weights, at least 1
 * @param distinct number of different tokens that follow them
 * @param probability of the most frequent one as the shorter matches have it
 */
export function trustIndex(level: number, total: number, distinct: number, probability: number): number {
  const totalBucket = Math.min(totalBuckets - 1, 31 - Math.clz32(total));
  let bucket = 0;
  while (bucket < probabilitySteps.length && probability >= probabilitySteps[bucket]!) bucket++;
  const row = (level * totalBuckets + totalBucket) * mostDistinct + Math.min(distinct, mostDistinct) - 1;
  return row * probabilityBuckets + bucket;
}

/** Where the exponents stand, by the longest level with a match (-1: none) and the different tokens seen there. */
export function mixtureContext(level: number, distinct: number): number {
  return level < 0 ? 0 : 1 + level * mixtureDistinct + Math.min(distinct, mixtureDistinct) - 1;
}

/**
 * What to begin with where nothing was fitted: trust n / (n + u) for n places followed by u different tokens (method C of
 * Witten and Bell), and a mixture that leans on the memory where it knows the context.
 */
export function initialWeights(): MemoryWeights {
  const trust = new Float64Array(trustLength);
  for (let index = 0; index < trustLength; index++) {
    const row = Math.floor(index / probabilityBuckets);
    const distinct = (row % mostDistinct) + 1;
    const total = 2 ** (Math.floor(row / mostDistinct) % totalBuckets);
    trust[index] = total / (total + distinct);
  }
  const exponents = Float64Array.from({ length: exponentsLength }, (_, index) => (index % 2 === 0 ? 0.4 : 0.6));
  // Without any match the memory has nothing but the frequencies of characters.
  exponents[0] = 1;
  exponents[1] = 0;
  return { trust, exponents };
}

/** The same trust with a mixture that has nothing of the network: where there is none. */
export function withoutNetwork({ trust, exponents }: MemoryWeights): MemoryWeights {
  return { trust, exponents: exponents.map((_, index) => index % 2) };
}
