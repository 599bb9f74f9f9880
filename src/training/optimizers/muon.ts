import type { GateMatrix } from './gateMatrices';
import type { Orthogonalize } from './newtonSchulz';

export interface MuonSettings {
  readonly rate: number;
  /** Share of `rate · weight` taken off the weight itself, apart from the gradient. */
  readonly weightDecay: number;
}

/** Updates some matrices in place, and touches nothing else of the flat arrays. */
export type MatrixUpdate = (
  parameters: Float32Array,
  gradient: Float32Array,
  momentum: Float32Array,
  settings: MuonSettings,
) => void;

const momentumShare = 0.95;

/**
 * Muon (K. Jordan 2024, kellerjordan.github.io/posts/muon; as torch.optim.Muon) for a list of matrices, or a share of it:
 * momentum with Nesterov's look ahead, orthogonalised. One update for all matrices of a shape; they do not depend on one
 * another.
 */
export function matrixUpdates(matrices: readonly GateMatrix[], orthogonalize: Orthogonalize): MatrixUpdate[] {
  const shapes = new Map<string, GateMatrix[]>();
  for (const matrix of matrices) {
    const shape = `${matrix.inputs} x ${matrix.outputs}`;
    shapes.set(shape, [...(shapes.get(shape) ?? []), matrix]);
  }
  return [...shapes.values()].map((group) => createUpdate(group, orthogonalize));
}

/** @param group matrices of one shape */
function createUpdate(group: readonly GateMatrix[], orthogonalize: Orthogonalize): MatrixUpdate {
  const { inputs, outputs } = group[0]!;
  const [rows, columns] = [Math.min(inputs, outputs), Math.max(inputs, outputs)];
  const size = rows * columns;
  const scale = Math.sqrt(Math.max(1, outputs / inputs));
  const stack = new Float32Array(group.length * size); // [matrices, rows, columns]
  return (parameters, gradient, momentum, { rate, weightDecay }) => {
    group.forEach((matrix, index) => {
      addMomentum(matrix, gradient, momentum, stack.subarray(index * size, (index + 1) * size));
    });
    const directions = orthogonalize(stack, [group.length, rows, columns]);
    group.forEach((matrix, index) => {
      const direction = directions.subarray(index * size, (index + 1) * size);
      descend(matrix, parameters, direction, rate * scale, 1 - rate * weightDecay);
    });
  };
}

/**
 * m ← 0.95 m + g.
 * @param ahead receives g + 0.95 m, row-major, transposed where there are more inputs than outputs
 */
function addMomentum(matrix: GateMatrix, gradient: Float32Array, momentum: Float32Array, ahead: Float32Array): void {
  const { offset, inputs, outputs, stride } = matrix;
  const [rowStep, columnStep] = steps(matrix);
  for (let row = 0; row < inputs; row++) {
    const start = offset + row * stride;
    for (let column = 0; column < outputs; column++) {
      const slope = gradient[start + column]!;
      const mean = momentumShare * momentum[start + column]! + slope;
      momentum[start + column] = mean;
      ahead[row * rowStep + column * columnStep] = slope + momentumShare * mean;
    }
  }
}

/** w ← kept · w - rate · direction, the direction laid out as {@link addMomentum} does. */
function descend(
  matrix: GateMatrix,
  parameters: Float32Array,
  direction: Float32Array,
  rate: number,
  kept: number,
): void {
  const { offset, inputs, outputs, stride } = matrix;
  const [rowStep, columnStep] = steps(matrix);
  for (let row = 0; row < inputs; row++) {
    const start = offset + row * stride;
    for (let column = 0; column < outputs; column++) {
      const change = rate * direction[row * rowStep + column * columnStep]!;
      parameters[start + column] = kept * parameters[start + column]! - change;
    }
  }
}

/** From a value of the stack to that of the next input, and to that of the next output. */
function steps({ inputs, outputs }: GateMatrix): [number, number] {
  return inputs <= outputs ? [outputs, 1] : [1, inputs];
}
