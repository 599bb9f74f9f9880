import { fromBinary } from '@bufbuild/protobuf';
import type { ModelConfiguration } from '../core/configuration';
import { gates, layoutOf, parameterNames, valuesOf, type Weights } from '../core/parameters';
import { ModelProtoSchema, TensorProto_DataType } from './generated/onnx_pb';
import { fromOperatorWeights } from './recurrentWeights';

/**
 * The weights of a graph that `exportModel` wrote, to the bit.
 * @param model shape of the network, as the export's manifest has it
 * @throws Error where the file is no such graph
 */
export function importModel(file: Uint8Array, model: ModelConfiguration, vocabularySize: number): Weights {
  const read = tensorReader(file);
  const layout = layoutOf(model, vocabularySize);
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
  return { model, vocabularySize, layout, values };
}

/** @returns the values of a float32 initializer by its name */
function tensorReader(file: Uint8Array): (name: string, size: number) => Float32Array {
  const initializers = fromBinary(ModelProtoSchema, file).graph?.initializer ?? [];
  const byName = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  return (name, size) => {
    const tensor = byName.get(name);
    const bytes = tensor?.rawData;
    if (tensor?.dataType !== TensorProto_DataType.FLOAT || bytes?.length !== size * Float32Array.BYTES_PER_ELEMENT) {
      throw new Error(`The graph has no '${name}' of ${size} values.`);
    }
    return new Float32Array(Uint8Array.from(bytes).buffer);
  };
}
