import type { ModelConfiguration } from '../core/configuration';
import type { State } from './session';

type Shape = Pick<ModelConfiguration, 'layers' | 'hidden'>;

/** Some columns of a state `[layers, width, hidden]`. */
export function columnsOf({ layers, hidden }: Shape, state: State, width: number, columns: readonly number[]): State {
  return state.map((values) => {
    const kept = new Float32Array(layers * columns.length * hidden);
    for (let layer = 0; layer < layers; layer++) {
      for (const [place, column] of columns.entries()) {
        const from = (layer * width + column) * hidden;
        kept.set(values.subarray(from, from + hidden), (layer * columns.length + place) * hidden);
      }
    }
    return kept;
  });
}

/** States of one column each as one of many: `[layers, width, hidden]`. */
export function inColumns({ layers, hidden }: Shape, states: readonly State[]): State {
  if (states.length === 1) return states[0]!;
  return states[0]!.map((_, kind) => {
    const values = new Float32Array(layers * states.length * hidden);
    for (let layer = 0; layer < layers; layer++) {
      for (const [place, state] of states.entries()) {
        const own = state[kind]!.subarray(layer * hidden, (layer + 1) * hidden);
        values.set(own, (layer * states.length + place) * hidden);
      }
    }
    return values;
  });
}
