import type { Streams } from '../plan/batches';
import type { ModelConfiguration, TrainingConfiguration } from '../../core/configuration';
import { stateCount } from '../../core/parameters';
import type { Random } from '../../core/random';
import type { Window } from '../plan/window';

/** What a network remembers: for each layer the hidden state [batch, hidden], then the LSTM's cell state. Never written to. */
export type State = readonly Float32Array[];

/** What one window gave. */
export interface WindowResult {
  /** Mean cross-entropy of the window's targets over all tokens of the vocabulary. */
  readonly nats: number;
  /** After the last step; detached, as plain numbers. */
  readonly state: State;
}

/** What a gradient depends on; `dropout`: the share of units dropped between layers and before the output. */
export type GradientSettings = Pick<TrainingConfiguration, 'model' | 'dropout' | 'precision'>;

/**
 * The loss of a window and its gradient. The portable one is written on TensorFlow's public operations; other ones stand
 * beside it with the same type and the same results.
 */
export interface Gradient {
  readonly name: string;
  /**
   * @param parameters flat, in the layout of the model
   * @param dropoutSeed a whole number that names the units to drop; null: none are
   * @param out receives the gradient of the mean cross-entropy, in the layout of the parameters
   */
  compute(
    parameters: Float32Array,
    window: Window,
    state: State,
    dropoutSeed: number | null,
    out: Float32Array,
  ): WindowResult;
  /** The network without dropout, for measuring. It holds the parameters until it is disposed of; leave them unchanged. */
  forward(parameters: Float32Array): Forward;
}

export interface Forward {
  /** Logits [steps, batch, vocabulary] of a window; its targets are not read. */
  logits(window: Window, state: State): { readonly logits: Float32Array; readonly state: State };
  /**
   * -ln p of each target [steps, batch] in nats, the markers left out of the softmax; what 'other' shares out among the
   * code points it stands for is not added yet.
   */
  surprise(window: Window, state: State): { readonly nats: Float32Array; readonly state: State };
  dispose(): void;
}

/** Zeros: where every document starts when it is measured. */
export function zeroState(model: ModelConfiguration, batch: number): State {
  return stateArrays(model, batch);
}

/** Drawn from the standard normal. */
export function normalState(model: ModelConfiguration, batch: number, random: Random): State {
  return stateArrays(model, batch).map((values) => values.map(() => random.normal()));
}

/** The state of some streams. */
export function rowsOf(state: State, hidden: number, [first, end]: Streams): State {
  return state.map((values) => values.subarray(first * hidden, end * hidden));
}

/** The state with that of some streams in its place. */
export function replaceRows(state: State, hidden: number, [first]: Streams, rows: State): State {
  return state.map((values, index) => {
    const own = rows[index]!;
    if (own.length === values.length) return own;
    const replaced = values.slice();
    replaced.set(own, first * hidden);
    return replaced;
  });
}

function stateArrays({ cell, hidden, layers }: ModelConfiguration, batch: number): Float32Array[] {
  return Array.from({ length: layers * stateCount(cell) }, () => new Float32Array(batch * hidden));
}
