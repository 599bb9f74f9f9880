import type { Attribute, TensorId } from './binding';
import { flagAttribute, floatAttribute, typeAttribute } from './operations';
import { previousRows, stepsOf, type LayerGradients, type LayerInput, type LayerPass } from './recurrentLayer';

/** i, f, o = σ and g = tanh of x_t + h_{t-1} W; c_t = f c_{t-1} + i g; h_t = o tanh(c_t): [batch, H] per step. */
interface Trace {
  readonly input: readonly TensorId[];
  readonly candidate: readonly TensorId[];
  readonly forget: readonly TensorId[];
  readonly output: readonly TensorId[];
  readonly cell: readonly TensorId[];
  /** tanh of the cell state */
  readonly squashed: readonly TensorId[];
  /** All hidden states: [steps·batch, H] */
  readonly outputs: TensorId;
  readonly lastHidden: TensorId;
}

/**
 * The whole window in one operation, the input's product included.
 * @param rows what the layer reads: [steps·batch, I]
 * @param weights inputWeights above hiddenWeights: [I + H, 4H]
 * @param bias [4H]
 */
export function blockLstmLayer(
  layer: LayerInput,
  rows: TensorId,
  inputWidth: number,
  weights: TensorId,
  bias: TensorId,
): LayerPass {
  const { operations: ops, binding, shape, state } = layer;
  const { steps, batch, hidden } = shape;
  const input = ops.reshape(rows, [steps, batch, inputWidth]);
  const none = ops.floats([hidden], new Float32Array(hidden)); // of the peepholes, which are not in use
  const parts = ops.run(
    'BlockLSTM',
    [
      typeAttribute(binding, 'T', binding.TF_FLOAT),
      floatAttribute(binding, 'forget_bias', 0),
      floatAttribute(binding, 'cell_clip', 0),
      flagAttribute(binding, 'use_peephole', false),
    ],
    [ops.long(steps), input, state[1]!, state[0]!, weights, none, none, none, bias],
    7,
  );
  const hiddens = parts.pop()!;
  const [i, cell, forget, output, candidate, squashed] = parts.map((part) => ops.unpack(part, steps));
  const outputs = ops.reshape(hiddens, [steps * batch, hidden]);
  return passOf(layer, {
    ...{ input: i!, cell: cell!, forget: forget!, output: output!, candidate: candidate!, squashed: squashed! },
    ...{ outputs, lastHidden: ops.unpack(hiddens, steps).at(-1)! },
  });
}

/** @param projected input · inputWeights + bias: [steps·batch, 4H] */
export function projectedLstmLayer(layer: LayerInput, projected: TensorId): LayerPass {
  const { operations: ops, shape, hiddenWeights } = layer;
  let [hidden, cell] = layer.state as [TensorId, TensorId];
  const steps = stepsOf(layer, projected, 4 * shape.hidden).map((own) => {
    const product = ops.matMul(hidden, hiddenWeights);
    const sum = ops.binary('AddV2', own, product);
    const gates = ops.split(sum, 4, 1) as [TensorId, TensorId, TensorId, TensorId];
    const input = ops.unary('Sigmoid', gates[0]);
    const candidate = ops.unary('Tanh', gates[1]);
    const forget = ops.unary('Sigmoid', gates[2]);
    const output = ops.unary('Sigmoid', gates[3]);
    const added = ops.binary('Mul', input, candidate);
    const kept = ops.binary('Mul', forget, cell);
    cell = ops.binary('AddV2', kept, added);
    const squashed = ops.unary('Tanh', cell);
    hidden = ops.binary('Mul', output, squashed);
    ops.free(own, product, sum, ...gates, added, kept);
    return { input, candidate, forget, output, cell, squashed, hidden };
  });
  return passOf(layer, {
    input: steps.map((step) => step.input),
    candidate: steps.map((step) => step.candidate),
    forget: steps.map((step) => step.forget),
    output: steps.map((step) => step.output),
    cell: steps.map((step) => step.cell),
    squashed: steps.map((step) => step.squashed),
    outputs: ops.concat(
      steps.map((step) => step.hidden),
      0,
    ),
    lastHidden: hidden,
  });
}

function passOf(layer: LayerInput, trace: Trace): LayerPass {
  return {
    outputs: trace.outputs,
    state: [trace.lastHidden, trace.cell.at(-1)!],
    backward: (gradient) => backPropagate(layer, trace, gradient),
  };
}

/** The elementwise part of a step is one operation; its products with the weights are made apart, once for all steps. */
function backPropagate(layer: LayerInput, trace: Trace, outputGradient: TensorId): LayerGradients {
  const { operations: ops, shape, hiddenWeights, state } = layer;
  const gradients = stepsOf(layer, outputGradient, shape.hidden);
  const transposed = ops.factor(ops.transpose(hiddenWeights));
  const cellGradient = cellGradients(layer, trace);
  const preActivation: TensorId[] = Array.from({ length: shape.steps }); // [batch, 4H] each
  let later = ops.floats([shape.batch, shape.hidden], new Float32Array(shape.batch * shape.hidden));
  let laterCell = later;
  for (let step = shape.steps - 1; step >= 0; step--) {
    const hidden = ops.binary('AddV2', gradients[step]!, later);
    const [previousCell, own] = cellGradient(step, laterCell, hidden);
    ops.free(hidden, later, laterCell);
    preActivation[step] = own;
    laterCell = previousCell;
    later = ops.multiply(own, transposed);
  }
  const projected = ops.concat(preActivation, 0); // [steps·batch, 4H]
  ops.free(...preActivation);
  const previous = previousRows(layer, state[0]!, trace.outputs);
  const weights = ops.multiply(previous, ops.factor(projected), true);
  return { projected, hiddenWeights: weights, newHiddenBias: null };
}

/** Gradients of the cell state before a step [batch, H] and of its pre-activations [batch, 4H], from those after it. */
function cellGradients(
  { operations: ops, binding, shape, state }: LayerInput,
  trace: Trace,
): (step: number, cell: TensorId, hidden: TensorId) => [TensorId, TensorId] {
  const { batch, hidden } = shape;
  const zeros = (...extents: number[]): TensorId =>
    ops.floats(extents, new Float32Array(extents.reduce((product, extent) => product * extent, 1)));
  // The operation takes input, weights and bias for their shapes only.
  const [input, weights, peephole, bias] = [
    zeros(batch, 1),
    zeros(1 + hidden, 4 * hidden),
    zeros(hidden),
    zeros(4 * hidden),
  ];
  const attributes: Attribute[] = [
    typeAttribute(binding, 'T', binding.TF_FLOAT),
    flagAttribute(binding, 'use_peephole', false),
  ];
  return (step, laterCell, laterHidden) => {
    const before = trace.cell[step - 1] ?? state[1]!;
    const gates = [trace.input, trace.cell, trace.forget, trace.output, trace.candidate, trace.squashed];
    const [cell, preActivation, ...peepholes] = ops.run(
      'LSTMBlockCellGrad',
      attributes,
      [
        ...[input, before, state[0]!, weights, peephole, peephole, peephole, bias],
        ...gates.map((values) => values[step]!),
        ...[laterCell, laterHidden],
      ],
      5,
    );
    ops.free(...peepholes);
    return [cell!, preActivation!];
  };
}
