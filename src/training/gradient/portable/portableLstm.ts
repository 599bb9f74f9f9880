import type { RecurrentGradients, RecurrentPass, RecurrentWeights } from './recurrentCell';
import { hiddenWeightsGradient, previousOf, sigmoidSlope, stackSteps, stepsOf, tanhSlope } from './steps';
import type { Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** What back-propagation needs of each step, [batch, H] each. */
interface Trace {
  readonly input: Tensor2D[];
  readonly candidate: Tensor2D[];
  readonly forget: Tensor2D[];
  readonly output: Tensor2D[];
  readonly cell: Tensor2D[];
  /** tanh of the cell state */
  readonly squashed: Tensor2D[];
}

/**
 * i, f, o = σ and g = tanh of x_t + h_{t-1} W; c_t = f c_{t-1} + i g; h_t = o tanh(c_t). Gates in the order i, g, f, o
 * (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000).
 */
export function lstmCell(
  tf: TensorFlow,
  projected: Tensor3D,
  { hiddenWeights }: RecurrentWeights,
  state: readonly Tensor2D[],
): RecurrentPass {
  const trace: Trace = { input: [], candidate: [], forget: [], output: [], cell: [], squashed: [] };
  const outputs: Tensor2D[] = []; // [batch, H] each
  let [hidden, cell] = state as [Tensor2D, Tensor2D];
  for (const input of stepsOf(tf, projected)) {
    const gates = tf.split<Tensor2D>(tf.add(input, tf.matMul(hidden, hiddenWeights)), 4, 1);
    const i = tf.sigmoid(gates[0]!);
    const g = tf.tanh(gates[1]!);
    const f = tf.sigmoid(gates[2]!);
    const o = tf.sigmoid(gates[3]!);
    cell = tf.add(tf.mul(f, cell), tf.mul(i, g));
    const squashed = tf.tanh(cell);
    hidden = tf.mul(o, squashed);
    outputs.push(hidden);
    remember(trace, [i, g, f, o, cell, squashed]);
  }
  const backward = (gradient: Tensor3D): RecurrentGradients =>
    backPropagate(tf, trace, outputs, state, hiddenWeights, gradient);
  return { outputs, state: [hidden, cell], backward };
}

function remember(trace: Trace, [i, g, f, o, cell, squashed]: Tensor2D[]): void {
  trace.input.push(i!);
  trace.candidate.push(g!);
  trace.forget.push(f!);
  trace.output.push(o!);
  trace.cell.push(cell!);
  trace.squashed.push(squashed!);
}

/** The gradient of a step's pre-activations is linear in that of h and c: all factors are made for all steps at once. */
function backPropagate(
  tf: TensorFlow,
  trace: Trace,
  outputs: readonly Tensor2D[],
  state: readonly Tensor2D[],
  hiddenWeights: Tensor2D,
  outputGradient: Tensor3D,
): RecurrentGradients {
  const { toGates, toCell } = factors(tf, trace, state[1]!);
  const gradients = stepsOf(tf, outputGradient);
  const transposed: Tensor2D = tf.transpose(hiddenWeights);
  const preActivation: Tensor2D[] = Array.from({ length: outputs.length }); // [batch, 4H] each
  let laterHidden: Tensor2D | null = null; // through the next step: [batch, H]
  let laterCell: Tensor2D | null = null;
  for (let step = outputs.length - 1; step >= 0; step--) {
    const hidden: Tensor2D = laterHidden === null ? gradients[step]! : tf.add(gradients[step]!, laterHidden);
    const own: Tensor2D = tf.mul(hidden, toCell[step]!);
    const cell: Tensor2D = laterCell === null ? own : tf.add(own, laterCell);
    preActivation[step] = tf.mul(tf.concat2d([cell, cell, cell, hidden], 1), toGates[step]!);
    laterCell = tf.mul(cell, trace.forget[step]!);
    laterHidden = tf.matMul(preActivation[step]!, transposed);
  }
  const all = tf.concat2d(preActivation, 0); // [steps·batch, 4H]
  return {
    projected: all,
    hiddenWeights: hiddenWeightsGradient(tf, previousOf(state[0]!, outputs), all),
    newHiddenBias: null,
  };
}

/** ∂(i, g, f pre-activations)/∂c and ∂(o pre-activation)/∂h, [batch, 4H] per step; ∂c/∂h, [batch, H] per step. */
function factors(tf: TensorFlow, trace: Trace, firstCell: Tensor2D): { toGates: Tensor2D[]; toCell: Tensor2D[] } {
  const i = stackSteps(tf, trace.input); // [steps, batch, H], as all below
  const g = stackSteps(tf, trace.candidate);
  const f = stackSteps(tf, trace.forget);
  const o = stackSteps(tf, trace.output);
  const squashed = stackSteps(tf, trace.squashed);
  const previousCell = stackSteps(tf, previousOf(firstCell, trace.cell));
  const toGates = tf.concat3d(
    [
      tf.mul(g, sigmoidSlope(tf, i)),
      tf.mul(i, tanhSlope(tf, g)),
      tf.mul(previousCell, sigmoidSlope(tf, f)),
      tf.mul(squashed, sigmoidSlope(tf, o)),
    ],
    2,
  );
  const toCell: Tensor3D = tf.mul(o, tanhSlope(tf, squashed));
  return { toGates: stepsOf(tf, toGates), toCell: stepsOf(tf, toCell) };
}
