import type { Binding, TensorId } from './binding';
import type { Operations } from './operations';

/** Sizes of the window and the layer that are computed on. */
export interface LayerShape {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
}

/** What a layer's recurrence reads; G gates of H units. */
export interface LayerInput {
  readonly binding: Binding;
  readonly operations: Operations;
  readonly shape: LayerShape;
  /** [H, G·H] */
  readonly hiddenWeights: TensorId;
  /** [H]; the GRU's only */
  readonly newHiddenBias: TensorId | null;
  /** Before the first step: [batch, H] each */
  readonly state: readonly TensorId[];
}

export interface LayerGradients {
  /** Of input · inputWeights + bias: [steps·batch, G·H] */
  readonly projected: TensorId;
  /** [H, G·H] */
  readonly hiddenWeights: TensorId;
  readonly newHiddenBias: TensorId | null;
}

export interface LayerPass {
  /** The hidden state after each step: [steps·batch, H] */
  readonly outputs: TensorId;
  /** After the last step: [batch, H] each */
  readonly state: readonly TensorId[];
  /** @param outputGradient [steps·batch, H] */
  backward(outputGradient: TensorId): LayerGradients;
}

/** [steps·batch, width] into one [batch, width] per step. */
export function stepsOf(
  { operations, shape: { steps, batch } }: LayerInput,
  rows: TensorId,
  width: number,
): TensorId[] {
  return operations.unpack(operations.reshape(rows, [steps, batch, width]), steps);
}

/** What each step started from: [steps·batch, H]. */
export function previousRows(
  { operations, shape: { steps, batch, hidden } }: LayerInput,
  first: TensorId,
  rows: TensorId,
): TensorId {
  if (steps === 1) return first;
  return operations.concat([first, operations.slice(rows, [0, 0], [(steps - 1) * batch, hidden])], 0);
}
