import type { ModelConfiguration, OptimizerName } from './configuration';
import { gates } from './parameters';

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

/** Products of an iteration of Muon (training/optimizers/newtonSchulz), and how many iterations there are. */
const iterations = 4;

/** Floating-point operations of one update beyond the gradient: those of Muon's products, which are all that counts. */
export function updateOperations(
  { cell, hidden, layers, embedding }: ModelConfiguration,
  optimizer: OptimizerName,
): number {
  if (optimizer !== 'muon') return 0;
  const inputs = [embedding, ...Array.from({ length: layers - 1 }, () => hidden)];
  const matrices = [...inputs, ...Array.from({ length: layers }, () => hidden)];
  return matrices.reduce((sum, rows) => sum + gates[cell].length * orthogonalization(rows, hidden), 0);
}

/** X Xᵀ, its square, and a product with X. */
function orthogonalization(inputs: number, outputs: number): number {
  const [rows, columns] = [Math.min(inputs, outputs), Math.max(inputs, outputs)];
  return iterations * (4 * rows * rows * columns + 2 * rows ** 3);
}
