import type { ModelConfiguration } from '../../core/configuration';
import { gates, parameterNames, parameterOf, type Parameter, type ParameterLayout } from '../../core/parameters';

/** The weights of one gate, [inputs, outputs]: columns of a matrix in the flat array, without the other gates'. */
export interface GateMatrix {
  /** Index of its first value in the flat array. */
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  /** From a value to the one below it: the width of the matrix of all gates. */
  readonly stride: number;
}

/**
 * Every gate's own matrix of the recurrent layers. A first layer that reads characters (embedding 0) looks rows of its
 * input weights up: these are an embedding and none of the matrices.
 */
export function gateMatrices(layout: ParameterLayout, model: ModelConfiguration): GateMatrix[] {
  return matrixNames(model).flatMap((name) => cut(parameterOf(layout, name), gates[model.cell].length));
}

/** The parameters that hold no gate matrices: embedding, biases, output. */
export function otherParameters(layout: ParameterLayout, model: ModelConfiguration): Parameter[] {
  const names = new Set(matrixNames(model));
  return layout.parameters.filter(({ name }) => !names.has(name));
}

function matrixNames({ layers, embedding }: ModelConfiguration): string[] {
  return Array.from({ length: layers }, (_, layer) => [
    ...(layer > 0 || embedding > 0 ? [parameterNames.inputWeights(layer)] : []),
    parameterNames.hiddenWeights(layer),
  ]).flat();
}

function cut({ offset, shape }: Parameter, count: number): GateMatrix[] {
  const [inputs, stride] = shape as [number, number];
  const outputs = stride / count;
  return Array.from({ length: count }, (_, gate) => ({ offset: offset + gate * outputs, inputs, outputs, stride }));
}
