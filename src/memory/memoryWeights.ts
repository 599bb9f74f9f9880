import { matchLevels } from './matchCounts';

/** How far the memory is trusted; fitted on held-out text and then frozen. */
export interface MemoryWeights {
  /** Weight of what followed the matches of a level, by {@link trustIndex}, for each of {@link memoryExperts} in turn. */
  readonly trust: Float64Array;
  /** Exponents of {@link mixedModels} in the mixture, by {@link mixtureContext} and then by {@link documentContext}. */
  readonly exponents: Float64Array;
}

/**
 * Readings of the matches: those of workspace and document over the frequencies of tokens, the same over what the network
 * expects, and those of the document alone.
 */
export const memoryExperts = ['all', 'conditional', 'document'] as const;
/** What the mixture consists of, in the order of its exponents. */
export const mixedModels = ['network', ...memoryExperts] as const;

const totalBuckets = 10;
const mostDistinct = 4;
/** Lower ends of the buckets of a probability. */
const probabilitySteps = [0.01, 0.03, 0.1, 0.25, 0.5, 0.8, 0.95] as const;
const probabilityBuckets = probabilitySteps.length + 1;
const mixtureDistinct = 4;

const trustOfExpert = matchLevels.length * totalBuckets * mostDistinct * probabilityBuckets;
const mixtureContexts = matchLevels.length * mixtureDistinct + 1;
const documentContexts = matchLevels.length + 1;

/** Numbers in `trust` and in `exponents`. */
export const trustLength = memoryExperts.length * trustOfExpert;
export const exponentsLength = mixedModels.length * (mixtureContexts + documentContexts);

/** The trust in what one expert reads. */
export function trustOf({ trust }: MemoryWeights, expert: (typeof memoryExperts)[number]): Float64Array {
  const from = memoryExperts.indexOf(expert) * trustOfExpert;
  return trust.subarray(from, from + trustOfExpert);
}

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

/** The first row of the exponents, by the longest level with a match (-1: none) and the different tokens seen there. */
export function mixtureContext(level: number, distinct: number): number {
  return level < 0 ? 0 : 1 + level * mixtureDistinct + Math.min(distinct, mixtureDistinct) - 1;
}

/** The second row of the exponents, which is added to the first: by the longest level with a match in the document. */
export function documentContext(level: number): number {
  return mixtureContexts + level + 1;
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
  const exponents = new Float64Array(exponentsLength);
  for (let row = 0; row < mixtureContexts + documentContexts; row++) {
    exponents.set(initialExponents(row), row * mixedModels.length);
  }
  return { trust, exponents };
}

/** Exponents of a row, which is added to another one: about what is fitted to TypeScript and to Python. */
function initialExponents(row: number): readonly number[] {
  if (row === mixtureContext(-1, 0)) return [0.3, 0.05, 0, 0.05];
  if (row === documentContext(-1)) return [0.2, 0, 0.25, -0.1];
  return row < mixtureContexts ? [0.12, 0.1, 0.18, 0.1] : [0.16, -0.05, 0.25, 0.05];
}

/** The same trust with a mixture that has nothing of the network: where there is none. */
export function withoutNetwork({ trust }: MemoryWeights): MemoryWeights {
  const alone = mixedModels.map((model) => (model === 'all' ? 0.5 : 0));
  return {
    trust,
    exponents: Float64Array.from({ length: exponentsLength }, (_, index) => alone[index % alone.length]!),
  };
}
