import type { Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** [steps, ...] into one tensor per step. */
export function stepsOf(tf: TensorFlow, stacked: Tensor3D): Tensor2D[] {
  return tf.unstack(stacked) as unknown as Tensor2D[];
}

/** One tensor per step into [steps, ...]. */
export function stackSteps(tf: TensorFlow, steps: readonly Tensor2D[]): Tensor3D {
  return tf.stack([...steps]) as unknown as Tensor3D;
}

/** What each step started from: the first state, then what every step but the last one left. */
export function previousOf(first: Tensor2D, steps: readonly Tensor2D[]): Tensor2D[] {
  return [first, ...steps.slice(0, -1)];
}

/**
 * The gradient of the weights of output = input · weights: inputᵀ · gradient. Transposed apart from the product, as in
 * {@link inputGradient}: the WebAssembly backend multiplies transposed matrices forty times slower.
 */
export function weightsGradient(tf: TensorFlow, input: Tensor2D, gradient: Tensor2D): Tensor2D {
  return tf.matMul(tf.transpose(input), gradient);
}

/** The gradient of the input of output = input · weights: gradient · weightsᵀ. */
export function inputGradient(tf: TensorFlow, gradient: Tensor2D, weights: Tensor2D): Tensor2D {
  return tf.matMul(gradient, tf.transpose(weights));
}

/** The gradient of the hidden weights, [H, G·H]: one product over the rows of all steps. */
export function hiddenWeightsGradient(
  tf: TensorFlow,
  previous: readonly Tensor2D[],
  preActivationGradient: Tensor2D,
): Tensor2D {
  return weightsGradient(tf, tf.concat2d([...previous], 0), preActivationGradient);
}

/** σ′ from σ: σ(1 - σ). */
export function sigmoidSlope(tf: TensorFlow, sigmoid: Tensor3D): Tensor3D {
  return tf.mul(sigmoid, tf.sub(1, sigmoid));
}

/** tanh′ from tanh: 1 - tanh². */
export function tanhSlope(tf: TensorFlow, tanh: Tensor3D): Tensor3D {
  return tf.sub(1, tf.mul(tanh, tanh));
}
