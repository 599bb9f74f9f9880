import type { Cell, ModelConfiguration } from '../core/configuration';
import { gates, parameterNames, parameterOf, valuesOf, type Weights } from '../core/parameters';

/** One layer as the RNN-family operators take it. G gates, H hidden units, I inputs. */
export interface OperatorWeights {
  /** W `[1, G·H, I]`. */
  readonly input: Float32Array;
  readonly inputWidth: number;
  /** R `[1, G·H, H]`. */
  readonly recurrent: Float32Array;
  /** B `[1, 2·G·H]`: the input's biases, then the recurrent ones. */
  readonly bias: Float32Array;
}

/** The first layer's input: a table `[V, width]` whose row a token names. */
export interface InputTable {
  readonly values: Float32Array;
  readonly width: number;
}

/** Order of the gates in ONNX's W, R and B (operators LSTM: i o f c; GRU: z r h; RNN: one). */
const operatorGates: Readonly<Record<Cell, readonly string[]>> = {
  rnn: ['hidden'],
  lstm: ['input', 'output', 'forget', 'candidate'],
  gru: ['update', 'reset', 'new'],
};

/**
 * The table that `Gather` reads and what the first operator multiplies its rows with. With an embedding: embedding and
 * input weights. Without one the row of the input weights that the token names is already the whole product
 * `x_t W_xh`; the operator insists on a product, so it gets the identity: exact, since all other terms are zeros.
 */
export function inputTable(weights: Weights): InputTable {
  const { model, layout, values } = weights;
  if (model.embedding > 0) {
    return { values: valuesOf(layout, values, parameterNames.embedding), width: model.embedding };
  }
  const name = parameterNames.inputWeights(0);
  return { values: valuesOf(layout, values, name), width: parameterOf(layout, name).shape[1]! };
}

/** One layer's weights in the order and orientation of the operators. */
export function operatorWeights(weights: Weights, layer: number): OperatorWeights {
  const { model, layout, values } = weights;
  const { cell, hidden } = model;
  const width = gates[cell].length * hidden;
  const read = (name: string): Float32Array => valuesOf(layout, values, name);
  const lookup = layer === 0 && model.embedding === 0;
  const inputWidth = lookup ? width : parameterOf(layout, parameterNames.inputWeights(layer)).shape[0]!;
  const input = lookup ? identity(width) : read(parameterNames.inputWeights(layer));
  const bias = new Float32Array(2 * width);
  bias.set(byOperatorGate(cell, hidden, 1, read(parameterNames.bias(layer))));
  // b_hn stands inside the reset gate's product (linear_before_reset=1): the last gate's recurrent bias.
  if (cell === 'gru') bias.set(read(parameterNames.newHiddenBias(layer)), 2 * width - hidden);
  return {
    input: byOperatorGate(cell, hidden, inputWidth, input),
    inputWidth,
    recurrent: byOperatorGate(cell, hidden, hidden, read(parameterNames.hiddenWeights(layer))),
    bias,
  };
}

/** One layer as the flat parameters hold it: the inverse of {@link operatorWeights}. */
export function fromOperatorWeights(
  { cell, hidden }: Pick<ModelConfiguration, 'cell' | 'hidden'>,
  { input, inputWidth, recurrent, bias }: OperatorWeights,
): Readonly<Record<'input' | 'hidden' | 'bias' | 'newHiddenBias', Float32Array>> {
  const width = gates[cell].length * hidden;
  return {
    input: byOwnGate(cell, hidden, inputWidth, input),
    hidden: byOwnGate(cell, hidden, hidden, recurrent),
    bias: byOwnGate(cell, hidden, 1, bias.subarray(0, width)),
    newHiddenBias: bias.subarray(2 * width - hidden),
  };
}

/** Columns of `[rows, G·H]` become rows `[G·H, rows]`, gates in the operator's order. */
function byOperatorGate(cell: Cell, hidden: number, rows: number, matrix: Float32Array): Float32Array {
  const turned = new Float32Array(matrix.length);
  pairPlaces(cell, hidden, rows, (own, operator) => {
    turned[operator] = matrix[own]!;
  });
  return turned;
}

/** The inverse of {@link byOperatorGate}. */
function byOwnGate(cell: Cell, hidden: number, rows: number, turned: Float32Array): Float32Array {
  const matrix = new Float32Array(turned.length);
  pairPlaces(cell, hidden, rows, (own, operator) => {
    matrix[own] = turned[operator]!;
  });
  return matrix;
}

/** Where each value of a matrix lies in `[rows, G·H]`, and where in the operator's `[G·H, rows]`. */
function pairPlaces(cell: Cell, hidden: number, rows: number, pair: (own: number, operator: number) => void): void {
  const width = gates[cell].length * hidden;
  operatorGates[cell].forEach((gate, position) => {
    const from = gates[cell].indexOf(gate) * hidden;
    for (let unit = 0; unit < hidden; unit++) {
      const target = (position * hidden + unit) * rows;
      for (let row = 0; row < rows; row++) pair(row * width + from + unit, target + row);
    }
  });
}

function identity(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let index = 0; index < size; index++) matrix[index * size + index] = 1;
  return matrix;
}
