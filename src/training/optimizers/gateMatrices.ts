import type { ModelConfiguration } from '../../core/configuration';
import { muonBlocks } from '../plan/trainingCost';
import { gates, parameterNames, parameterOf, type Parameter, type ParameterLayout } from '../../core/parameters';

/** The weights of some units of one gate, [inputs, outputs]: columns of a matrix in the flat array. */
export interface GateMatrix {
  /** Index of its first value in the flat array. */
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  /** From a value to the one below it: the width of the matrix of all gates and units. */
  readonly stride: number;
}

/**
 * The matrices of every gate of the recurrent layers, each cut into blocks of units: orthogonalised on their own these
 * learn more from the same text than the whole matrix does, and cost a fraction (docs/experiments.md). A first layer that
 * reads characters (embedding 0) looks rows of its input weights up: they are an embedding and none of the matrices.
 */
export function gateMatrices(layout: ParameterLayout, model: ModelConfiguration): GateMatrix[] {
  return matrixNames(model).flatMap((name) =>
    cut(parameterOf(layout, name), gates[model.cell].length * muonBlocks(model.hidden)),
  );
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
  return Array.from({ length: count }, (_, index) => ({ offset: offset + index * outputs, inputs, outputs, stride }));
}
