import type { Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** What the recurrence of a layer reads, besides its input: G gates of H units. */
export interface RecurrentWeights {
  /** [H, G·H] */
  readonly hiddenWeights: Tensor2D;
  /** [H]; the GRU's only */
  readonly newHiddenBias: Tensor1D | null;
}

export interface RecurrentGradients {
  /** Of the layer's input after its product and bias: [steps·batch, G·H] */
  readonly projected: Tensor2D;
  /** [H, G·H] */
  readonly hiddenWeights: Tensor2D;
  readonly newHiddenBias: Tensor1D | null;
}

export interface RecurrentPass {
  /** The hidden state after each step: [batch, H] each */
  readonly outputs: readonly Tensor2D[];
  /** After the last step: hidden state and, for the LSTM, cell state: [batch, H] each */
  readonly state: readonly Tensor2D[];
  /**
   * Back-propagation through the window.
   * @param outputGradient [steps, batch, H]
   */
  backward(outputGradient: Tensor3D): RecurrentGradients;
}

/**
 * The recurrence of one layer over a window, and its gradient written out by hand. Called within `tf.tidy`, which frees
 * what is left over.
 * @param projected input · inputWeights + bias for all steps: [steps, batch, G·H]
 */
export type RecurrentCell = (
  tf: TensorFlow,
  projected: Tensor3D,
  weights: RecurrentWeights,
  state: readonly Tensor2D[],
) => RecurrentPass;
