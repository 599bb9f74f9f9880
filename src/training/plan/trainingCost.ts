import type { ModelConfiguration, OptimizerName } from '../../core/configuration';
import { gates } from '../../core/parameters';

/** Weights that multiply something at every character: all but the embedding and the biases. */
export function multiplyingWeights(
  { cell, hidden, layers, embedding }: ModelConfiguration,
  vocabularySize: number,
): number {
  const width = gates[cell].length * hidden;
  return width * (embedding + hidden) + (layers - 1) * width * 2 * hidden + hidden * vocabularySize;
}

/**
 * Floating-point operations of the gradient for one character: a product costs two for each weight, and its gradients
 * twice that.
 */
export function gradientOperations(model: ModelConfiguration, vocabularySize: number): number {
  return 6 * multiplyingWeights(model, vocabularySize);
}

/** Iterations of Muon (training/optimizers/newtonSchulz). */
const iterations = 4;

/** Units of a block of Muon; fewer than twice as many are left together. */
const blockUnits = 64;

/** Into how many blocks of equal size Muon cuts the units of a gate. */
export function muonBlocks(hidden: number): number {
  let blocks = Math.max(1, Math.floor(hidden / blockUnits));
  while (hidden % blocks !== 0) blocks -= 1;
  return blocks;
}

/** Floating-point operations of one update beyond the gradient: those of Muon's products, which are all that counts. */
export function updateOperations(
  { cell, hidden, layers, embedding }: ModelConfiguration,
  optimizer: OptimizerName,
): number {
  if (optimizer !== 'muon') return 0;
  const inputs = [embedding, ...Array.from({ length: layers - 1 }, () => hidden)];
  const matrices = [...inputs, ...Array.from({ length: layers }, () => hidden)];
  const blocks = muonBlocks(hidden);
  const stacked = gates[cell].length * blocks;
  return matrices.reduce((sum, rows) => sum + stacked * orthogonalization(rows, hidden / blocks), 0);
}

/** X Xᵀ, its square, and a product with X. */
function orthogonalization(inputs: number, outputs: number): number {
  const [rows, columns] = [Math.min(inputs, outputs), Math.max(inputs, outputs)];
  return iterations * (4 * rows * rows * columns + 2 * rows ** 3);
}
