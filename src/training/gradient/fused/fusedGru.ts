import type { TensorId } from './binding';
import { previousRows, stepsOf, type LayerGradients, type LayerInput, type LayerPass } from './recurrentLayer';

/** What back-propagation needs of all steps, [steps·batch, H] each but `updates`: [batch, H] per step. */
interface Trace {
  readonly reset: TensorId;
  readonly update: TensorId;
  readonly updates: readonly TensorId[];
  readonly candidate: TensorId;
  /** h_{t-1} W_n + b_hn */
  readonly recalled: TensorId;
  /** h_{t-1} */
  readonly previous: TensorId;
}

/**
 * r, z = σ(x_t + h_{t-1} W); n = tanh(x_t + r (h_{t-1} W_n + b_hn)); h_t = n + z (h_{t-1} - n). TensorFlow's fused GRU has
 * the reset gate before the product instead, so this one is written in products and elementwise operations.
 * @param projected input · inputWeights + bias: [steps·batch, 3H]
 */
export function gruLayer(input: LayerInput, projected: TensorId): LayerPass {
  const { operations: ops, hiddenWeights, newHiddenBias, shape } = input;
  const first = input.state[0]!;
  let hidden = first; // [batch, H]
  const steps = stepsOf(input, projected, 3 * shape.hidden).map((own) => {
    const [ownReset, ownUpdate, ownNew] = ops.split(own, 3, 1) as [TensorId, TensorId, TensorId];
    const product = ops.matMul(hidden, hiddenWeights); // [batch, 3H]
    const [toReset, toUpdate, toNew] = ops.split(product, 3, 1) as [TensorId, TensorId, TensorId];
    const resetSum = ops.binary('AddV2', ownReset, toReset);
    const updateSum = ops.binary('AddV2', ownUpdate, toUpdate);
    const reset = ops.unary('Sigmoid', resetSum);
    const update = ops.unary('Sigmoid', updateSum);
    const recalled = ops.binary('BiasAdd', toNew, newHiddenBias!);
    const remembered = ops.binary('Mul', reset, recalled);
    const newSum = ops.binary('AddV2', ownNew, remembered);
    const candidate = ops.unary('Tanh', newSum);
    const change = ops.binary('Sub', hidden, candidate);
    const kept = ops.binary('Mul', update, change);
    hidden = ops.binary('AddV2', candidate, kept);
    ops.free(own, ownReset, ownUpdate, ownNew, product, toReset, toUpdate, toNew);
    ops.free(resetSum, updateSum, remembered, newSum, change, kept);
    return { reset, update, recalled, candidate, hidden };
  });
  const outputs = ops.concat(
    steps.map((step) => step.hidden),
    0,
  );
  const backward = (gradient: TensorId): LayerGradients =>
    backPropagate(
      input,
      {
        reset: ops.concat(
          steps.map((step) => step.reset),
          0,
        ),
        update: ops.concat(
          steps.map((step) => step.update),
          0,
        ),
        updates: steps.map((step) => step.update),
        candidate: ops.concat(
          steps.map((step) => step.candidate),
          0,
        ),
        recalled: ops.concat(
          steps.map((step) => step.recalled),
          0,
        ),
        previous: previousRows(input, first, outputs),
      },
      gradient,
    );
  return { outputs, state: [hidden], backward };
}

/** The gradient of a step's pre-activations is linear in that of h_t: all factors are made for all steps at once. */
function backPropagate(input: LayerInput, trace: Trace, outputGradient: TensorId): LayerGradients {
  const { operations: ops, shape, hiddenWeights } = input;
  const { toProduct, toNew } = factorsOf(input, trace);
  const factors = stepsOf(input, toProduct, 3 * shape.hidden);
  const gradients = stepsOf(input, outputGradient, shape.hidden);
  const transposed = ops.factor(ops.transpose(hiddenWeights));
  const hiddens: TensorId[] = Array.from({ length: shape.steps }); // [batch, H] each
  const products: TensorId[] = Array.from({ length: shape.steps }); // of h_{t-1} W: [batch, 3H] each
  let later: TensorId | null = null; // through the next step: [batch, H]
  for (let step = shape.steps - 1; step >= 0; step--) {
    const hidden: TensorId = later === null ? gradients[step]! : ops.binary('AddV2', gradients[step]!, later);
    const thrice = ops.concat([hidden, hidden, hidden], 1);
    hiddens[step] = hidden;
    products[step] = ops.binary('Mul', thrice, factors[step]!);
    const kept = ops.binary('Mul', hidden, trace.updates[step]!);
    const through = ops.multiply(products[step]!, transposed);
    later = ops.binary('AddV2', kept, through);
    ops.free(thrice, kept, through);
  }
  return gather(input, trace, ops.concat(products, 0), ops.binary('Mul', ops.concat(hiddens, 0), toNew));
}

/**
 * @param products gradients of h_{t-1} W: [steps·batch, 3H]
 * @param candidates gradients of the pre-activation of n: [steps·batch, H]
 */
function gather(
  { operations: ops, shape }: LayerInput,
  trace: Trace,
  products: TensorId,
  candidates: TensorId,
): LayerGradients {
  const { steps, batch, hidden } = shape;
  const gates = ops.slice(products, [0, 0], [steps * batch, 2 * hidden]);
  const recalled = ops.slice(products, [0, 2 * hidden], [steps * batch, hidden]);
  return {
    projected: ops.concat([gates, candidates], 1),
    hiddenWeights: ops.multiply(trace.previous, ops.factor(products), true),
    newHiddenBias: ops.biasGradient(recalled),
  };
}

/** ∂(h_{t-1} W)/∂h_t [steps·batch, 3H], and ∂(pre-activation of n)/∂h_t [steps·batch, H]. */
function factorsOf({ operations: ops }: LayerInput, trace: Trace): { toProduct: TensorId; toNew: TensorId } {
  const { reset, update, candidate, recalled, previous } = trace;
  const toNew = ops.binary('TanhGrad', candidate, ops.binary('Sub', ops.floats([], Float32Array.of(1)), update));
  const toReset = ops.binary('SigmoidGrad', reset, ops.binary('Mul', toNew, recalled));
  const toUpdate = ops.binary('SigmoidGrad', update, ops.binary('Sub', previous, candidate));
  return { toProduct: ops.concat([toReset, toUpdate, ops.binary('Mul', toNew, reset)], 1), toNew };
}
