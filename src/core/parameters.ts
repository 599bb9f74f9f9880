import type { Cell, ModelConfiguration } from './configuration';

/** A named slice of the flat parameter array, row-major. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Index of its first value; a multiple of {@link alignment}. */
  readonly offset: number;
  /** Number of values. */
  readonly size: number;
}

/** Where each parameter of a model lies in one flat float32 array; gradients and moments have the same layout. */
export interface ParameterLayout {
  readonly parameters: readonly Parameter[];
  /** Length of the flat array, padding included. Padding is zero and stays zero. */
  readonly length: number;
}

/** Weights as they pass between training, files and export. */
export interface Weights {
  readonly model: ModelConfiguration;
  readonly vocabularySize: number;
  readonly layout: ParameterLayout;
  readonly values: Float32Array;
}

/** Offsets are multiples of this many float32 (64 bytes: a cache line, and what TensorFlow wants). */
const alignment = 16;

/**
 * Gates of each cell, in the order of the columns of its matrices. LSTM: input, cell candidate, forget, output
 * (TensorFlow's order); GRU: reset, update, new (PyTorch's).
 */
export const gates: Readonly<Record<Cell, readonly string[]>> = {
  rnn: ['hidden'],
  lstm: ['input', 'candidate', 'forget', 'output'],
  gru: ['reset', 'update', 'new'],
};

/** Arrays of a cell's state: the hidden state, and the LSTM's cell state after it. */
export function stateCount(cell: Cell): number {
  return cell === 'lstm' ? 2 : 1;
}

export const parameterNames = {
  embedding: 'embedding',
  inputWeights: (layer: number): string => `recurrent.${layer}.inputWeights`,
  hiddenWeights: (layer: number): string => `recurrent.${layer}.hiddenWeights`,
  bias: (layer: number): string => `recurrent.${layer}.bias`,
  newHiddenBias: (layer: number): string => `recurrent.${layer}.newHiddenBias`,
  outputWeights: 'output.weights',
  outputBias: 'output.bias',
};

/**
 * `embedding [V, E]` (where E > 0); for each layer `inputWeights [I, G·H]`, `hiddenWeights [H, G·H]`, `bias [G·H]` and
 * for the GRU `newHiddenBias [H]` (b_hn, inside the reset gate's product); `output.weights [H, V]`, `output.bias [V]`.
 * I of the first layer is E, or V where E = 0: its input is then the row of the weights that the token names.
 */
export function layoutOf(model: ModelConfiguration, vocabularySize: number): ParameterLayout {
  const parameters: Parameter[] = [];
  let length = 0;
  for (const [name, shape] of shapesOf(model, vocabularySize)) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    parameters.push({ name, shape, offset: length, size });
    length += Math.ceil(size / alignment) * alignment;
  }
  return { parameters, length };
}

function shapesOf(model: ModelConfiguration, vocabularySize: number): [string, number[]][] {
  const { cell, hidden, layers, embedding } = model;
  const width = gates[cell].length * hidden;
  const shapes: [string, number[]][] = [];
  if (embedding > 0) shapes.push([parameterNames.embedding, [vocabularySize, embedding]]);
  for (let layer = 0; layer < layers; layer++) {
    const input = layer > 0 ? hidden : embedding > 0 ? embedding : vocabularySize;
    shapes.push([parameterNames.inputWeights(layer), [input, width]]);
    shapes.push([parameterNames.hiddenWeights(layer), [hidden, width]]);
    shapes.push([parameterNames.bias(layer), [width]]);
    if (cell === 'gru') shapes.push([parameterNames.newHiddenBias(layer), [hidden]]);
  }
  shapes.push([parameterNames.outputWeights, [hidden, vocabularySize]], [parameterNames.outputBias, [vocabularySize]]);
  return shapes;
}

/** The parameter of that name; throws where the layout has none. */
export function parameterOf(layout: ParameterLayout, name: string): Parameter {
  const parameter = layout.parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined) throw new Error(`The model has no parameter '${name}'.`);
  return parameter;
}

/** The values of one parameter: a view, not a copy. */
export function valuesOf(layout: ParameterLayout, flat: Float32Array, name: string): Float32Array {
  const { offset, size } = parameterOf(layout, name);
  return flat.subarray(offset, offset + size);
}
