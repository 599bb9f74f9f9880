import type { Position } from './readPrefix';
import type { ModelSession, State } from './session';

/** A text on its way through the network, beside others. */
export interface Column {
  readonly tokens: Int32Array;
  /** How many of them were read. */
  at: number;
  /** After these. */
  position: Position;
}

/**
 * Feeds the next tokens of some texts in one run, as many of each.
 * @param steps at most so many as each of them has left
 * @param note told of each token in order what was expected in its place: logits `[vocabulary]` from `offset` on
 */
export async function readSideBySide<Own extends Column>(
  session: ModelSession,
  columns: readonly Own[],
  steps: number,
  note: (column: Own, at: number, logits: Float32Array, offset: number) => void,
): Promise<void> {
  const width = columns.length;
  const ids = new Int32Array(steps * width);
  for (const [place, { tokens, at }] of columns.entries()) {
    for (let row = 0; row < steps; row++) ids[row * width + place] = tokens[at + row]!;
  }
  const states = columns.map(({ position }) => position.state);
  const { logits, state } = await session.run(ids, width, gathered(session, states));
  const { size } = session.vocabulary;
  for (const [place, column] of columns.entries()) {
    note(column, column.at, column.position.logits, 0);
    for (let row = 1; row < steps; row++) note(column, column.at + row, logits, ((row - 1) * width + place) * size);
    const last = ((steps - 1) * width + place) * size;
    column.position = { state: columnOf(session, state, place, width), logits: logits.slice(last, last + size) };
    column.at += steps;
  }
}

/** States of one column each as those of many: `[layers, width, hidden]`. */
function gathered({ model: { layers, hidden } }: ModelSession, states: readonly State[]): State {
  const [first] = states;
  if (states.length === 1 && first !== undefined) return first;
  return first!.map((_, kind) => {
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

function columnOf({ model: { layers, hidden } }: ModelSession, state: State, place: number, width: number): State {
  if (width === 1) return state;
  return state.map((values) => {
    const own = new Float32Array(layers * hidden);
    for (let layer = 0; layer < layers; layer++) {
      const from = (layer * width + place) * hidden;
      own.set(values.subarray(from, from + hidden), layer * hidden);
    }
    return own;
  });
}
