import {
  exponentRanges,
  exponentsLength,
  trustLength,
  trustRanges,
  type MemoryWeights,
  type WeightRange,
} from '../memoryWeights';
import { mixedModels } from './expertTable';

/** Weights of the memory as they are kept: by name, so that others may come and go. */
export interface StoredWeights {
  /** By expert. */
  readonly trust: Record<string, readonly number[]>;
  /** Models of the mixture, in the order of the exponents. */
  readonly models: readonly string[];
  /** By kind of row: `[rows, models]`. */
  readonly exponents: Record<string, readonly number[]>;
}

export function storedWeights({ trust, exponents }: MemoryWeights): StoredWeights {
  const named = (values: Float64Array, ranges: Readonly<Record<string, WeightRange>>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(ranges).map(([name, { from, to }]) => [name, [...values.subarray(from, to)]]));
  return { trust: named(trust, trustRanges), models: mixedModels, exponents: named(exponents, exponentRanges) };
}

/** What was kept; undefined where it was fitted to other experts: it has to be fitted again. */
export function weightsOf({ trust, models, exponents }: StoredWeights): MemoryWeights | undefined {
  if (models.join() !== mixedModels.join()) return undefined;
  const weights = { trust: new Float64Array(trustLength), exponents: new Float64Array(exponentsLength) };
  const isWhole = fill(weights.trust, trust, trustRanges) && fill(weights.exponents, exponents, exponentRanges);
  return isWhole ? weights : undefined;
}

function fill(
  values: Float64Array,
  stored: Readonly<Record<string, readonly number[]>>,
  ranges: Readonly<Record<string, WeightRange>>,
): boolean {
  return Object.entries(ranges).every(([name, { from, to }]) => {
    const kept = Object.hasOwn(stored, name) ? stored[name]! : [];
    if (kept.length !== to - from) return false;
    values.set(kept, from);
    return true;
  });
}
