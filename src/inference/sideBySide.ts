import type { Position } from './readPrefix';
import type { ModelSession } from './session';
import { columnsOf, inColumns } from './stateColumns';

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
 * @param mostSteps fewer where one of them has less left
 * @param note told of each token in order what was expected in its place: logits `[vocabulary]` from `offset` on
 * @returns how many of each
 */
export async function readSideBySide<Own extends Column>(
  session: ModelSession,
  columns: readonly Own[],
  mostSteps: number,
  note: (column: Own, at: number, logits: Float32Array, offset: number) => void,
): Promise<number> {
  const steps = Math.min(mostSteps, ...columns.map(({ tokens, at }) => tokens.length - at));
  const width = columns.length;
  const ids = new Int32Array(steps * width);
  for (const [place, { tokens, at }] of columns.entries()) {
    for (let row = 0; row < steps; row++) ids[row * width + place] = tokens[at + row]!;
  }
  const { model, vocabulary } = session;
  const before = columns.map(({ position }) => position.state);
  const { logits, state } = await session.run(ids, width, inColumns(model, before));
  const { size } = vocabulary;
  for (const [place, column] of columns.entries()) {
    note(column, column.at, column.position.logits, 0);
    for (let row = 1; row < steps; row++) note(column, column.at + row, logits, ((row - 1) * width + place) * size);
    const last = ((steps - 1) * width + place) * size;
    const own = width === 1 ? state : columnsOf(model, state, width, [place]);
    column.position = { state: own, logits: logits.slice(last, last + size) };
    column.at += steps;
  }
  return steps;
}
