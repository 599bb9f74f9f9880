import type { ModelConfiguration } from '../core/configuration';
import { allFinite } from '../core/finite';
import { gates, layoutOf, parameterNames, valuesOf, type Weights } from '../core/parameters';
import { TensorProto_DataType, type GraphProto, type TensorProto } from './generated/onnx_pb';
import { readExport } from './halfPrecision';
import { fromOperatorWeights } from './recurrentWeights';

/**
 * The weights of a graph that `exportModel` wrote, to the bit, whether or not they are stored in float16.
 * @param model shape of the network, as the export's manifest has it
 * @throws Error where the file is no such graph, or a weight is not finite
 */
export function importModel(file: Uint8Array, model: ModelConfiguration, vocabularySize: number): Weights {
  const read = tensorReader(file);
  const layout = layoutOf(model, vocabularySize);
  // Before arrays of that size are made: a manifest may say anything. A stored weight has two bytes at least.
  if (2 * layout.length > file.length) throw new Error('The graph has no room for the network.');
  const values = new Float32Array(layout.length);
  const set = (name: string, from: Float32Array): void => valuesOf(layout, values, name).set(from);
  const width = gates[model.cell].length * model.hidden;
  const table = model.embedding > 0 ? parameterNames.embedding : parameterNames.inputWeights(0);
  set(table, read('input_table', vocabularySize * (model.embedding > 0 ? model.embedding : width)));
  for (let layer = 0; layer < model.layers; layer++) {
    const inputWidth = layer > 0 ? model.hidden : model.embedding > 0 ? model.embedding : width;
    const parameters = fromOperatorWeights(model, {
      inputWidth,
      input: read(`layer${layer}_W`, width * inputWidth),
      recurrent: read(`layer${layer}_R`, width * model.hidden),
      bias: read(`layer${layer}_B`, 2 * width),
    });
    // Without an embedding the first operator multiplies with the identity: its weights lie in the table.
    if (layer > 0 || model.embedding > 0) set(parameterNames.inputWeights(layer), parameters.input);
    set(parameterNames.hiddenWeights(layer), parameters.hidden);
    set(parameterNames.bias(layer), parameters.bias);
    if (model.cell === 'gru') set(parameterNames.newHiddenBias(layer), parameters.newHiddenBias);
  }
  set(parameterNames.outputWeights, read('output_weights', model.hidden * vocabularySize));
  set(parameterNames.outputBias, read('output_bias', vocabularySize));
  if (!allFinite(values)) throw new Error('Its weights are not finite numbers.');
  return { model, vocabularySize, layout, values };
}

/** @returns the values of a float32 initializer by its name */
function tensorReader(file: Uint8Array): (name: string, size: number) => Float32Array {
  const initializers = readGraph(file)?.initializer ?? [];
  if (initializers.some(({ externalData }) => externalData.length > 0)) {
    throw new Error('The graph keeps values in another file.');
  }
  const byName = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  return (name, size) => {
    const tensor = byName.get(name);
    if (tensor === undefined || !holdsFloats(tensor, size)) {
      throw new Error(`The graph has no '${name}' of ${size} values.`);
    }
    return new Float32Array(Uint8Array.from(tensor.rawData).buffer);
  };
}

const float: number = TensorProto_DataType.FLOAT;

function holdsFloats({ dataType, dims, rawData }: TensorProto, size: number): boolean {
  const extent = dims.reduce((product, each) => product * each, 1n);
  if (dataType !== float || extent !== BigInt(size)) return false;
  return rawData.length === size * Float32Array.BYTES_PER_ELEMENT;
}

function readGraph(file: Uint8Array): GraphProto | undefined {
  try {
    return readExport(file).graph;
  } catch {
    throw new Error('The file is no ONNX graph.');
  }
}
