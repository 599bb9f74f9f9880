import { coarsePlaces, placeKinds } from './code/placeKind';
import { expertKinds, expertNames, mixedModels, type ExpertName } from './experts/expertTable';
import { matchLevels } from './matchCounts';

/** How far the memory is trusted; fitted on held-out text and then frozen. */
export interface MemoryWeights {
  /** Weight of what followed the matches of a level, by {@link trustIndex}, for each expert in turn: see {@link trustOf}. */
  readonly trust: Float64Array;
  /** `[rows, models]`: exponents of {@link mixedModels} in the mixture, for each of {@link rowCounts} in turn: see {@link rowOf}. */
  readonly exponents: Float64Array;
  /** There is no network: where one would be asked stands what the matches of characters say. */
  readonly isAlone?: boolean;
}

const totalBuckets = 10;
const mostDistinct = 4;
/** Lower ends of the buckets of a probability. */
const probabilitySteps = [0.01, 0.03, 0.1, 0.25, 0.5, 0.8, 0.95] as const;
const probabilityBuckets = probabilitySteps.length + 1;
const mixtureDistinct = 4;

/** Numbers in the trust of an expert at one kind of place. */
export const trustOfPlace = matchLevels.length * totalBuckets * mostDistinct * probabilityBuckets;
const mixtureContexts = matchLevels.length * mixtureDistinct + 1;

/** What the exponents depend on, each by so many contexts: their rows are added. */
const rowCounts = {
  /** By {@link mixtureContext} of the matches of characters. */
  all: mixtureContexts,
  /** By the longest level with a match in the document, plus 1. */
  document: matchLevels.length + 1,
  /** By {@link mixtureContext} of the matches of names and signs. */
  renamed: mixtureContexts,
  same: mixtureContexts,
  sparse: mixtureContexts,
  place: placeKinds.length,
} as const;
export type RowName = keyof typeof rowCounts;
export const rowNames = Object.keys(rowCounts) as readonly RowName[];

/** A part of one of the arrays of weights. */
export interface WeightRange {
  readonly from: number;
  readonly to: number;
}

function rangesOf<Name extends string>(
  names: readonly Name[],
  lengthOf: (name: Name) => number,
): Record<Name, WeightRange> {
  let from = 0;
  const ranges = names.map((name) => [name, { from, to: (from += lengthOf(name)) }] as const);
  return Object.fromEntries(ranges) as Record<Name, WeightRange>;
}

/** Where the numbers of each expert and of each kind of row stand. */
export const trustRanges: Readonly<Record<ExpertName, WeightRange>> = rangesOf(
  expertNames,
  (name) => trustOfPlace * (expertKinds[name].byPlace ? coarsePlaces : 1),
);
export const exponentRanges: Readonly<Record<RowName, WeightRange>> = rangesOf(
  rowNames,
  (name) => rowCounts[name] * mixedModels.length,
);

/** Numbers in `trust` and in `exponents`. */
export const trustLength = Math.max(...Object.values(trustRanges).map(({ to }) => to));
export const exponentsLength = Math.max(...Object.values(exponentRanges).map(({ to }) => to));

/** The trust in what one expert reads: `[places, trustOfPlace]`, one place where it does not depend on that. */
export function trustOf({ trust }: MemoryWeights, expert: ExpertName): Float64Array {
  return trust.subarray(trustRanges[expert].from, trustRanges[expert].to);
}

/** The row of a context. */
export function rowOf(name: RowName, context: number): number {
  return exponentRanges[name].from / mixedModels.length + context;
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

/** Context of the exponents by the longest level with a match (-1: none) and the different tokens seen there. */
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
  const exponents = new Float64Array(exponentsLength);
  for (const name of rowNames) {
    for (let context = 0; context < rowCounts[name]; context++) {
      exponents.set(initialExponents(name, context), rowOf(name, context) * mixedModels.length);
    }
  }
  return { trust, exponents };
}

/** Exponents of a row, which is added to others: about what is fitted to TypeScript and to Python. */
function initialExponents(row: RowName, context: number): readonly number[] {
  if (row === 'all') return context === 0 ? [0.3, 0.05, 0, 0.05] : [0.12, 0.1, 0.18, 0.1];
  if (row === 'document') return context === 0 ? [0.2, 0, 0.25, -0.1] : [0.16, -0.05, 0.25, 0.05];
  return [];
}

/** About what is fitted to TypeScript and to JavaScript where there is no network. */
const exponentsAlone: Readonly<Record<RowName, readonly number[]>> = {
  all: [-0.015, 0.485, 0.002, -0.003, 0.02, 0.005, 0.003],
  document: [-0.12, 0.38, -0.048, 0.022, 0.058, 0.059, 0.075],
  renamed: [-0.126, -0.126, 0.068, 0.015, -0.11, 0.1, 0.106],
  same: [-0.085, -0.085, -0.019, 0.003, 0.104, -0.016, 0.09],
  sparse: [-0.078, -0.078, -0.026, 0.018, 0.066, 0.046, 0.026],
  place: [-0.09, -0.09, -0.056, 0.012, 0.075, 0.031, 0.065],
};

/** The same trust with a mixture that has nothing of a network. */
export function withoutNetwork({ trust }: MemoryWeights): MemoryWeights {
  const exponents = new Float64Array(exponentsLength);
  for (const name of rowNames) {
    for (let context = 0; context < rowCounts[name]; context++) {
      exponents.set(exponentsAlone[name], rowOf(name, context) * mixedModels.length);
    }
  }
  return { trust, exponents, isAlone: true };
}
