import type { RecurrentGradients, RecurrentPass, RecurrentWeights } from './recurrentCell';
import { hiddenWeightsGradient, previousOf, stackSteps, stepsOf, tanhSlope } from './steps';
import type { Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** h_t = tanh(x_t + h_{t-1} W), x_t being the projected input. */
export function rnnCell(
  tf: TensorFlow,
  projected: Tensor3D,
  { hiddenWeights }: RecurrentWeights,
  state: readonly Tensor2D[],
): RecurrentPass {
  const first = state[0]!;
  const outputs: Tensor2D[] = []; // [batch, H] each
  let hidden = first;
  for (const input of stepsOf(tf, projected)) {
    hidden = tf.tanh(tf.add(input, tf.matMul(hidden, hiddenWeights)));
    outputs.push(hidden);
  }
  const backward = (gradient: Tensor3D): RecurrentGradients =>
    backPropagate(tf, first, outputs, hiddenWeights, gradient);
  return { outputs, state: [hidden], backward };
}

function backPropagate(
  tf: TensorFlow,
  first: Tensor2D,
  outputs: readonly Tensor2D[],
  hiddenWeights: Tensor2D,
  outputGradient: Tensor3D,
): RecurrentGradients {
  const slopes = stepsOf(tf, tanhSlope(tf, stackSteps(tf, outputs)));
  const gradients = stepsOf(tf, outputGradient);
  const transposed: Tensor2D = tf.transpose(hiddenWeights);
  const preActivation: Tensor2D[] = Array.from({ length: outputs.length });
  let later: Tensor2D | null = null; // through the next step: [batch, H]
  for (let step = outputs.length - 1; step >= 0; step--) {
    const hidden: Tensor2D = later === null ? gradients[step]! : tf.add(gradients[step]!, later);
    preActivation[step] = tf.mul(hidden, slopes[step]!);
    later = tf.matMul(preActivation[step]!, transposed);
  }
  const all = tf.concat2d(preActivation, 0); // [steps·batch, H]
  return {
    projected: all,
    hiddenWeights: hiddenWeightsGradient(tf, previousOf(first, outputs), all),
    newHiddenBias: null,
  };
}
