import fitted from '../../../media/base/calibration.json';
import { initialWeights, type MemoryWeights } from '../memoryWeights';
import { weightsOf } from './storedWeights';

/**
 * How far the memory is trusted beside a network where nothing was fitted to a workspace yet, and where a fit begins: as was fitted
 * beside the base model to code that no figure is given for (docs/base-model.md). The held-out files of a small workspace are too
 * few to learn it from nothing (docs/experiments.md).
 */
export function defaultWeights(): MemoryWeights {
  return weightsOf(fitted) ?? initialWeights();
}
