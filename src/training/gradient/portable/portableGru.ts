import type { RecurrentGradients, RecurrentPass, RecurrentWeights } from './recurrentCell';
import { hiddenWeightsGradient, previousOf, sigmoidSlope, stackSteps, stepsOf, tanhSlope } from './steps';
import type { Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** What back-propagation needs of each step, [batch, H] each. */
interface Trace {
  readonly reset: Tensor2D[];
  readonly update: Tensor2D[];
  readonly candidate: Tensor2D[];
  /** h_{t-1} W_n + b_hn: what the reset gate multiplies */
  readonly recalled: Tensor2D[];
}

/**
 * r, z = σ(x_t + h_{t-1} W); n = tanh(x_t + r (h_{t-1} W_n + b_hn)); h_t = n + z (h_{t-1} - n). Gates in the order r, z, n;
 * the reset gate after the product, as PyTorch and cuDNN have it (Cho et al. 2014, version 1 of arXiv 1406.1078).
 */
export function gruCell(
  tf: TensorFlow,
  projected: Tensor3D,
  { hiddenWeights, newHiddenBias }: RecurrentWeights,
  state: readonly Tensor2D[],
): RecurrentPass {
  const units = hiddenWeights.shape[0];
  const trace: Trace = { reset: [], update: [], candidate: [], recalled: [] };
  const outputs: Tensor2D[] = []; // [batch, H] each
  const [gateInputs, newInputs] = tf
    .split(projected, [2 * units, units], 2)
    .map((part) => stepsOf(tf, part as Tensor3D));
  const first = state[0]!;
  let hidden = first;
  newInputs!.forEach((newInput, step) => {
    const [gates, recall] = tf.split<Tensor2D>(tf.matMul(hidden, hiddenWeights), [2 * units, units], 1);
    const [r, z] = tf.split<Tensor2D>(tf.sigmoid(tf.add(gateInputs![step]!, gates!)), 2, 1);
    const recalled: Tensor2D = tf.add(recall!, newHiddenBias!);
    const n: Tensor2D = tf.tanh(tf.add(newInput, tf.mul(r!, recalled)));
    hidden = tf.add(n, tf.mul(z!, tf.sub(hidden, n)));
    outputs.push(hidden);
    trace.reset.push(r!);
    trace.update.push(z!);
    trace.candidate.push(n);
    trace.recalled.push(recalled);
  });
  const backward = (gradient: Tensor3D): RecurrentGradients =>
    backPropagate(tf, trace, outputs, first, hiddenWeights, gradient);
  return { outputs, state: [hidden], backward };
}

/** The gradient of a step's pre-activations is linear in that of h_t: all factors are made for all steps at once. */
function backPropagate(
  tf: TensorFlow,
  trace: Trace,
  outputs: readonly Tensor2D[],
  first: Tensor2D,
  hiddenWeights: Tensor2D,
  outputGradient: Tensor3D,
): RecurrentGradients {
  const { toProduct, toNew } = factors(tf, trace, previousOf(first, outputs));
  const productFactors = stepsOf(tf, toProduct);
  const gradients = stepsOf(tf, outputGradient);
  const transposed: Tensor2D = tf.transpose(hiddenWeights);
  const hiddens: Tensor2D[] = Array.from({ length: outputs.length }); // [batch, H] each
  const products: Tensor2D[] = Array.from({ length: outputs.length }); // of h_{t-1} W: [batch, 3H] each
  let later: Tensor2D | null = null; // through the next step: [batch, H]
  for (let step = outputs.length - 1; step >= 0; step--) {
    const hidden: Tensor2D = later === null ? gradients[step]! : tf.add(gradients[step]!, later);
    hiddens[step] = hidden;
    products[step] = tf.mul(tf.concat2d([hidden, hidden, hidden], 1), productFactors[step]!);
    later = tf.add(tf.mul(hidden, trace.update[step]!), tf.matMul(products[step]!, transposed));
  }
  return gather(tf, tf.concat2d(products, 0), tf.mul(stackSteps(tf, hiddens), toNew), previousOf(first, outputs));
}

/**
 * @param products gradients of h_{t-1} W: [steps·batch, 3H]
 * @param candidates gradients of the pre-activation of n: [steps, batch, H]
 */
function gather(
  tf: TensorFlow,
  products: Tensor2D,
  candidates: Tensor3D,
  previous: readonly Tensor2D[],
): RecurrentGradients {
  const units = candidates.shape[2];
  const [gates, recalled] = tf.split<Tensor2D>(products, [2 * units, units], 1);
  return {
    projected: tf.concat2d([gates!, tf.reshape(candidates, [-1, units])], 1),
    hiddenWeights: hiddenWeightsGradient(tf, previous, products),
    newHiddenBias: tf.sum<Tensor1D>(recalled!, 0),
  };
}

/** ∂(h_{t-1} W)/∂h_t [steps, batch, 3H], and ∂(pre-activation of n)/∂h_t [steps, batch, H]. */
function factors(
  tf: TensorFlow,
  trace: Trace,
  previous: readonly Tensor2D[],
): { toProduct: Tensor3D; toNew: Tensor3D } {
  const r = stackSteps(tf, trace.reset); // [steps, batch, H], as all below
  const z = stackSteps(tf, trace.update);
  const n = stackSteps(tf, trace.candidate);
  const recalled = stackSteps(tf, trace.recalled);
  const toNew: Tensor3D = tf.mul(tf.sub(1, z), tanhSlope(tf, n));
  const toReset: Tensor3D = tf.mul(tf.mul(toNew, recalled), sigmoidSlope(tf, r));
  const toUpdate: Tensor3D = tf.mul(tf.sub(stackSteps(tf, previous), n), sigmoidSlope(tf, z));
  return { toProduct: tf.concat3d([toReset, toUpdate, tf.mul(toNew, r)], 2), toNew };
}
