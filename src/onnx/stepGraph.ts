import { create, toBinary } from '@bufbuild/protobuf';
import type { Cell } from '../core/configuration';
import { gates } from '../core/parameters';
import { cellNodes } from './cellNodes';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './generated/onnx_pb';
import { readExport } from './halfPrecision';
import { byteTensor, floatTensor, node } from './onnxNodes';
import { quantizeTurned } from './quantizedMatrix';

/** Operators of onnxruntime's own. */
const microsoft = 'com.microsoft';
const cellsByOperator: Readonly<Record<string, Cell>> = { LSTM: 'lstm', GRU: 'gru', RNN: 'rnn' };

/** What takes the place of a recurrent operator. */
interface Layer {
  readonly nodes: NodeProto[];
  readonly tensors: TensorProto[];
}

/** W `[gates · hidden, inputs]`, R `[gates · hidden, hidden]` and B `[2 · gates · hidden]` of a recurrent operator. */
interface LayerWeights {
  readonly input: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
  /** gates · hidden */
  readonly width: number;
}

/**
 * The same network for single steps, `ids [1, batch]`, made from an export: about half the time of its float32 graph, which
 * reads four times as many bytes of weights at every step. The matrices of the layers become integers of 7 bits with a scale
 * for each column; what they are multiplied with is made one of 8 bits at every step (DynamicQuantizeMatMul); all else is
 * float32. The first layer's input is a table `[vocabulary, gates · hidden]` that holds product and biases. Inputs and outputs
 * are those of the export.
 */
export function stepGraph(exported: Uint8Array): Uint8Array {
  const model = readExport(exported);
  const graph = model.graph!;
  const layers = graph.node.flatMap((recurrent) => layerOf(graph, recurrent) ?? []);
  // A step's hidden state `[1, batch, hidden]` is what the next layer reads.
  const states = new Map(
    layers.map((_, layer) => [`layer${layer + 1}_input`, layers[layer]!.nodes.at(-1)!.output[0]!]),
  );
  const used = (kept: NodeProto): NodeProto =>
    create(NodeProtoSchema, { ...kept, input: kept.input.map((name) => states.get(name) ?? name) });
  const replaced = new Set(layers.flatMap(({ tensors }) => tensors.map(({ name }) => name)));
  const rest = graph.initializer.filter(({ name }) => !/^layer|^direction/.test(name) && !replaced.has(name));
  let layer = 0;
  const nodes = graph.node.flatMap((original) => {
    if (original.opType === 'Squeeze') return [];
    return cellsByOperator[original.opType] === undefined ? [used(original)] : layers[layer++]!.nodes.map(used);
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: model.irVersion,
      producerName: model.producerName,
      opsetImport: [...model.opsetImport, create(OperatorSetIdProtoSchema, { domain: microsoft, version: 1n })],
      graph: create(GraphProtoSchema, {
        ...{ name: `${graph.name}_step`, node: nodes, input: graph.input, output: graph.output },
        initializer: [...rest, ...layers.flatMap(({ tensors }) => tensors)],
      }),
    }),
  );
}

/** The step of a recurrent operator; undefined for any other one. */
function layerOf(graph: GraphProto, { opType, input, output }: NodeProto): Layer | undefined {
  const cell = cellsByOperator[opType];
  if (cell === undefined) return undefined;
  const [source, ...names] = input as [string, string, string, string];
  const { input: W, recurrent, bias, width } = weightsOf(graph, names);
  const hidden = width / gates[cell].length;
  const first = source === 'layer0_input';
  const [inputBias, recurrentBias] = [bias.subarray(0, width), bias.subarray(width)];
  const fromInput = first
    ? { nodes: [], tensors: [tableOfProducts(graph, W, inputBias)] }
    : product(`${source}_product`, source, W, inputBias);
  const fromState = product(`${source}_recurrent`, input[5]!, recurrent, recurrentBias);
  const products = { input: first ? source : `${source}_product`, recurrent: `${source}_recurrent` };
  const step = cellNodes(cell, products, hidden, { before: input.slice(5), after: output.slice(1) });
  return {
    nodes: [...fromInput.nodes, ...fromState.nodes, ...step.nodes],
    tensors: [...fromInput.tensors, ...fromState.tensors, ...step.tensors],
  };
}

function weightsOf(graph: GraphProto, [input, recurrent, bias]: readonly string[]): LayerWeights {
  const values = floatsOf(graph, bias!);
  return {
    input: floatsOf(graph, input!),
    recurrent: floatsOf(graph, recurrent!),
    bias: values,
    width: values.length / 2,
  };
}

function floatsOf(graph: GraphProto, name: string): Float32Array {
  const { rawData } = graph.initializer.find((candidate) => candidate.name === name)!;
  // A copy: it may lie anywhere in the file, and numbers want their own alignment.
  return new Float32Array(Uint8Array.from(rawData).buffer);
}

/** source · matrixᵀ + bias, in small integers. */
function product(name: string, source: string, matrix: Float32Array, bias: Float32Array): Layer {
  const [rows, columns] = [matrix.length / bias.length, bias.length];
  const { integers, scales } = quantizeTurned(matrix, rows, columns);
  const inputs = [source, `${name}_integers`, `${name}_scales`, '', `${name}_bias`];
  return {
    nodes: [node('DynamicQuantizeMatMul', inputs, [name], {}, microsoft)],
    tensors: [
      byteTensor(`${name}_integers`, [rows, columns], integers),
      floatTensor(`${name}_scales`, [columns], scales),
      floatTensor(`${name}_bias`, [columns], bias),
    ],
  };
}

/**
 * The rows of the input table times Wᵀ, with the bias. W of a network without an embedding is a permutation: nothing is
 * multiplied with its zeros.
 */
function tableOfProducts(graph: GraphProto, W: Float32Array, bias: Float32Array): TensorProto {
  const table = floatsOf(graph, 'input_table');
  const width = bias.length;
  const inputs = W.length / width;
  const rows = table.length / inputs;
  const products = new Float32Array(rows * width);
  for (let unit = 0; unit < width; unit++) {
    const weights = W.subarray(unit * inputs, (unit + 1) * inputs);
    const used = Uint32Array.from(weights.keys()).filter((input) => weights[input] !== 0);
    for (let row = 0; row < rows; row++) {
      let sum = bias[unit]!;
      for (const input of used) sum += weights[input]! * table[row * inputs + input]!;
      products[row * width + unit] = sum;
    }
  }
  return floatTensor('input_table', [rows, width], products);
}
