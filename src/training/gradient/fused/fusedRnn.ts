import type { TensorId } from './binding';
import { previousRows, stepsOf, type LayerGradients, type LayerInput, type LayerPass } from './recurrentLayer';

/**
 * h_t = tanh(x_t + h_{t-1} W).
 * @param projected input · inputWeights + bias: [steps·batch, H]
 */
export function rnnLayer(input: LayerInput, projected: TensorId): LayerPass {
  const { operations, shape, hiddenWeights } = input;
  const first = input.state[0]!;
  let hidden = first; // [batch, H]
  const hiddens = stepsOf(input, projected, shape.hidden).map((own) => {
    const product = operations.matMul(hidden, hiddenWeights);
    const sum = operations.binary('AddV2', own, product);
    hidden = operations.unary('Tanh', sum);
    operations.free(product, sum, own);
    return hidden;
  });
  const outputs = operations.concat(hiddens, 0);
  return {
    outputs,
    state: [hidden],
    backward: (gradient) => backPropagate(input, hiddens, outputs, gradient),
  };
}

function backPropagate(
  input: LayerInput,
  hiddens: readonly TensorId[],
  outputs: TensorId,
  outputGradient: TensorId,
): LayerGradients {
  const { operations, shape, hiddenWeights, state } = input;
  const transposed = operations.factor(operations.transpose(hiddenWeights));
  const gradients = stepsOf(input, outputGradient, shape.hidden);
  const preActivation: TensorId[] = Array.from({ length: shape.steps }); // [batch, H] each
  let later: TensorId | null = null; // through the next step: [batch, H]
  for (let step = shape.steps - 1; step >= 0; step--) {
    const gradient: TensorId = later === null ? gradients[step]! : operations.binary('AddV2', gradients[step]!, later);
    preActivation[step] = operations.binary('TanhGrad', hiddens[step]!, gradient);
    later = operations.multiply(preActivation[step]!, transposed);
  }
  const projected = operations.concat(preActivation, 0);
  const previous = previousRows(input, state[0]!, outputs);
  const weights = operations.multiply(previous, operations.factor(projected), true);
  return { projected, hiddenWeights: weights, newHiddenBias: null };
}
