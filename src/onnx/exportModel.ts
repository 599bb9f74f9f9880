import { create, toBinary } from '@bufbuild/protobuf';
import type { Cell } from '../core/configuration';
import type { Quality } from '../text/metrics';
import { gates, parameterNames, stateCount, valuesOf, type Weights } from '../core/parameters';
import type { Vocabulary } from '../text/vocabulary';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './generated/onnx_pb';
import { floatTensor, integerTensor, node, valueInfo } from './onnxNodes';
import { inputTable, operatorWeights } from './recurrentWeights';

/** What is written into the file beside the network. */
export interface ExportMetadata {
  /** Training step that the weights were taken from. */
  readonly step: number;
  readonly validation: Quality | null;
  readonly test: Quality | null;
}

const irVersion = 8n;
/** GPU kernels of onnxruntime are registered for opset 14 to 21 of LSTM and GRU, not for the revision of 22. */
const opset = 17n;
const operators: Readonly<Record<Cell, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };

/**
 * The network as an ONNX file (opset 17, IR 8, float32) of plain RNN-family operators.
 *
 * Inputs: `ids [steps, batch]` int64, `h_in [layers, batch, hidden]` and for the LSTM `c_in`, alike; outputs:
 * `logits [steps, batch, vocabulary]`, `h_out` and `c_out`. Steps and batch are symbolic. `metadata_props` hold, as JSON,
 * `recur.vocabulary` (code points), `recur.configuration` and `recur.quality`.
 * @returns the bytes of the file
 */
export function exportModel(weights: Weights, vocabulary: Vocabulary, metadata: ExportMetadata): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'recur',
    opsetImport: [{ domain: '', version: opset }],
    graph: graphOf(weights),
    metadataProps: [
      { key: 'recur.vocabulary', value: JSON.stringify(vocabulary.codePoints) },
      { key: 'recur.configuration', value: JSON.stringify(weights.model) },
      { key: 'recur.quality', value: JSON.stringify(metadata) },
    ],
  });
  return toBinary(ModelProtoSchema, model);
}

function graphOf(weights: Weights): GraphProto {
  const { cell, layers } = weights.model;
  const states = ['h', 'c'].slice(0, stateCount(cell));
  const table = inputTable(weights);
  const initializers = [
    floatTensor('input_table', [weights.vocabularySize, table.width], table.values),
    integerTensor('direction_axis', [1]),
  ];
  const nodes = [
    // [steps, batch] -> [steps, batch, width]
    node('Gather', ['input_table', 'ids'], ['layer0_input'], { axis: 0 }),
    ...states.flatMap((state) => splitState(state, layers)),
  ];
  for (let layer = 0; layer < layers; layer++) {
    nodes.push(...layerNodes(weights, layer));
    initializers.push(...layerTensors(weights, layer));
  }
  nodes.push(...states.flatMap((state) => joinState(state, layers)), ...outputNodes(layers));
  initializers.push(...outputTensors(weights));
  return create(GraphProtoSchema, {
    name: `recur_${cell}`,
    node: nodes,
    initializer: initializers,
    input: [valueInfo('ids', TensorProto_DataType.INT64, ['steps', 'batch']), ...stateValues(weights, states, 'in')],
    output: [
      valueInfo('logits', TensorProto_DataType.FLOAT, ['steps', 'batch', weights.vocabularySize]),
      ...stateValues(weights, states, 'out'),
    ],
  });
}

function stateValues(weights: Weights, states: readonly string[], end: 'in' | 'out'): ValueInfoProto[] {
  const { layers, hidden } = weights.model;
  return states.map((state) => valueInfo(`${state}_${end}`, TensorProto_DataType.FLOAT, [layers, 'batch', hidden]));
}

const initialState = (state: string, layer: number, layers: number): string =>
  layers === 1 ? `${state}_in` : `layer${layer}_${state}_in`;
const finalState = (state: string, layer: number, layers: number): string =>
  layers === 1 ? `${state}_out` : `layer${layer}_${state}_out`;

/** [layers, batch, hidden] -> for each layer [1, batch, hidden]; one layer needs nothing. */
function splitState(state: string, layers: number): NodeProto[] {
  if (layers === 1) return [];
  const parts = Array.from({ length: layers }, (_, layer) => initialState(state, layer, layers));
  return [node('Split', [`${state}_in`], parts, { axis: 0 })];
}

/** For each layer [1, batch, hidden] -> [layers, batch, hidden]; a single layer's state is already that. */
function joinState(state: string, layers: number): NodeProto[] {
  if (layers === 1) return [];
  const parts = Array.from({ length: layers }, (_, layer) => finalState(state, layer, layers));
  return [node('Concat', parts, [`${state}_out`], { axis: 0 })];
}

function layerNodes(weights: Weights, layer: number): NodeProto[] {
  const { cell, hidden, layers } = weights.model;
  const name = `layer${layer}`;
  const lstm = cell === 'lstm';
  const inputs = [`${name}_input`, `${name}_W`, `${name}_R`, `${name}_B`, '', initialState('h', layer, layers)];
  const outputs = [`${name}_Y`, finalState('h', layer, layers)];
  if (lstm) {
    inputs.push(initialState('c', layer, layers));
    outputs.push(finalState('c', layer, layers));
  }
  const attributes = { hidden_size: hidden, ...(cell === 'gru' ? { linear_before_reset: 1 } : {}) };
  return [
    // [steps, batch, width] -> [steps, 1, batch, hidden]
    node(operators[cell], inputs, outputs, attributes),
    node('Squeeze', [`${name}_Y`, 'direction_axis'], [`layer${layer + 1}_input`]),
  ];
}

function layerTensors(weights: Weights, layer: number): TensorProto[] {
  const { cell, hidden } = weights.model;
  const { input, inputWidth, recurrent, bias } = operatorWeights(weights, layer);
  const width = gates[cell].length * hidden;
  return [
    floatTensor(`layer${layer}_W`, [1, width, inputWidth], input),
    floatTensor(`layer${layer}_R`, [1, width, hidden], recurrent),
    floatTensor(`layer${layer}_B`, [1, 2 * width], bias),
  ];
}

/** [steps, batch, hidden] -> [steps, batch, vocabulary] */
function outputNodes(layers: number): NodeProto[] {
  return [
    node('MatMul', [`layer${layers}_input`, 'output_weights'], ['output_products']),
    node('Add', ['output_products', 'output_bias'], ['logits']),
  ];
}

function outputTensors(weights: Weights): TensorProto[] {
  const read = (name: string): Float32Array => valuesOf(weights.layout, weights.values, name);
  return [
    floatTensor('output_weights', [weights.model.hidden, weights.vocabularySize], read(parameterNames.outputWeights)),
    floatTensor('output_bias', [weights.vocabularySize], read(parameterNames.outputBias)),
  ];
}
