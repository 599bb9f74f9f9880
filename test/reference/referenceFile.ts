import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cell, ModelConfiguration } from '../../src/core/configuration';
import {
  gates,
  layoutOf,
  parameterNames,
  valuesOf,
  type ParameterLayout,
  type Weights,
} from '../../src/core/parameters';

/** A number, or numbers in as many dimensions as the tensor has. */
export type Nested = number | readonly Nested[];
/** Tensors by the name that makeReference.py gives them. */
export type NamedTensors = Readonly<Record<string, Nested>>;

/** One model of the file: everything that PyTorch computed for it in float64. */
export interface ReferenceCase {
  readonly model: string;
  readonly weights: NamedTensors;
  /** [steps][batch][vocabulary] */
  readonly logits: Nested;
  /** [batch][hidden] of the models from scratch, [layers][batch][hidden]; the LSTM's is [hidden state, cell state]. */
  readonly state: Nested;
  readonly loss_nats: number;
  readonly perplexity: number;
  readonly gradients: NamedTensors;
  readonly gradient_norm: number;
  readonly clipped: NamedTensors;
  readonly after_sgd: NamedTensors;
  /** 20 tokens drawn after the warm-up prefix. */
  readonly greedy: readonly number[];
}

export interface ReferenceFile {
  readonly config: {
    readonly vocab: number;
    readonly hidden: number;
    readonly batch: number;
    readonly steps: number;
    readonly embedding: number;
    readonly layers: number;
    readonly theta: number;
    readonly lr: number;
    /** [batch][steps] */
    readonly x: readonly (readonly number[])[];
    readonly y: readonly (readonly number[])[];
    readonly warm_up_prefix: readonly number[];
  };
  readonly cases: readonly ReferenceCase[];
}

/** The reference values of makeReference.py: recurrent.json beside this file, or the file that RECUR_REFERENCE names. */
export function loadReference(): ReferenceFile {
  const path = process.env.RECUR_REFERENCE ?? resolve(import.meta.dirname, 'recurrent.json');
  return JSON.parse(readFileSync(path, 'utf8')) as ReferenceFile;
}

/** The shape of a case's network in our terms. */
export function modelOf(file: ReferenceFile, reference: ReferenceCase): ModelConfiguration {
  const { hidden, layers, embedding } = file.config;
  const cells: Record<string, Cell> = { LSTM: 'lstm', GRU: 'gru', RNN: 'rnn' };
  const cell = cells[reference.model];
  return cell === undefined ? { cell: 'rnn', hidden, layers: 1, embedding: 0 } : { cell, hidden, layers, embedding };
}

/** The weights of a case in our flat layout. */
export function toWeights(file: ReferenceFile, reference: ReferenceCase): Weights {
  const model = modelOf(file, reference);
  const layout = layoutOf(model, file.config.vocab);
  const values = toFlat(file, reference, reference.weights);
  return { model, vocabularySize: file.config.vocab, layout, values };
}

/** Tensors named as the weights of a case are (its gradients, for instance) in our flat layout. */
export function toFlat(file: ReferenceFile, reference: ReferenceCase, tensors: NamedTensors): Float32Array {
  const model = modelOf(file, reference);
  const layout = layoutOf(model, file.config.vocab);
  const flat = new Float32Array(layout.length);
  if ('Wxh' in tensors) fillFromScratch(layout, flat, tensors);
  else fillFromModule(model, layout, flat, tensors);
  return flat;
}

/** The final state of a case: for each layer its hidden state [batch, hidden] and, for the LSTM, its cell state. */
export function toState(file: ReferenceFile, reference: ReferenceCase): Float32Array[] {
  const { layers, cell } = modelOf(file, reference);
  const kinds = cell === 'lstm' ? (reference.state as readonly Nested[]) : [reference.state];
  const perLayer = kinds.map((kind) => (reference.model.startsWith('RNN-scratch') ? [kind] : (kind as Nested[])));
  return Array.from({ length: layers }, (_, layer) => perLayer.map((kind) => flatten(kind[layer]!))).flat();
}

/** All numbers of a nested array, row-major. */
export function flatten(nested: Nested): Float32Array {
  return Float32Array.from(typeof nested === 'number' ? [nested] : (nested as number[]).flat(Infinity));
}

/** The models written out from their equations hold their matrices as we do: [inputs, outputs]. */
function fillFromScratch(layout: ParameterLayout, flat: Float32Array, tensors: NamedTensors): void {
  const names: Record<string, string> = {
    Wxh: parameterNames.inputWeights(0),
    Whh: parameterNames.hiddenWeights(0),
    bh: parameterNames.bias(0),
    Who: parameterNames.outputWeights,
    bo: parameterNames.outputBias,
  };
  for (const [theirs, ours] of Object.entries(names)) valuesOf(layout, flat, ours).set(flatten(tensors[theirs]!));
}

/** torch.nn holds matrices as [outputs, inputs] and the LSTM's gates as input, forget, candidate, output. */
function fillFromModule(
  model: ModelConfiguration,
  layout: ParameterLayout,
  flat: Float32Array,
  tensors: NamedTensors,
): void {
  const set = (name: string, values: Float32Array): void => valuesOf(layout, flat, name).set(values);
  const tensor = (name: string): Float32Array => flatten(tensors[name]!);
  set(parameterNames.embedding, tensor('embedding.weight'));
  for (let layer = 0; layer < model.layers; layer++) {
    set(
      parameterNames.inputWeights(layer),
      transposed(reordered(model, tensor(`recurrent.weight_ih_l${layer}`)), model),
    );
    set(
      parameterNames.hiddenWeights(layer),
      transposed(reordered(model, tensor(`recurrent.weight_hh_l${layer}`)), model),
    );
    set(parameterNames.bias(layer), reordered(model, tensor(`recurrent.bias_l${layer}`)));
    if (model.cell === 'gru') set(parameterNames.newHiddenBias(layer), tensor(`recurrent.bias_hn_l${layer}`));
  }
  const outputs = tensor('output.bias').length;
  set(parameterNames.outputWeights, transpose(tensor('output.weight'), outputs));
  set(parameterNames.outputBias, tensor('output.bias'));
}

const torchGates: Readonly<Record<Cell, readonly string[]>> = {
  rnn: ['hidden'],
  gru: ['reset', 'update', 'new'],
  lstm: ['input', 'forget', 'candidate', 'output'],
};

/** [G·H, ...] in torch's order of the gates to [G·H, ...] in ours. */
function reordered({ cell }: ModelConfiguration, values: Float32Array): Float32Array {
  const size = values.length / gates[cell].length;
  const result = new Float32Array(values.length);
  gates[cell].forEach((gate, position) => {
    const from = torchGates[cell].indexOf(gate) * size;
    result.set(values.subarray(from, from + size), position * size);
  });
  return result;
}

function transposed(values: Float32Array, { cell, hidden }: ModelConfiguration): Float32Array {
  return transpose(values, gates[cell].length * hidden);
}

/** [rows, columns] to [columns, rows]. */
function transpose(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  return result;
}
