import { expect, it } from 'vitest';
import { readSideBySide, type Column } from '../../src/inference/sideBySide';
import { zeroState } from '../../src/inference/session';
import { encode } from '../../src/text/vocabulary';
import { openSession, vocabulary } from './testSession';

const texts = ['let a = 1; and so on', 'show(b, c) // another', 'x'.repeat(20)];

interface Watched extends Column {
  readonly seen: number[];
}

it('expects of each text what it expects where it is read alone, on whatever states and beside whatever others', async () => {
  const session = await openSession();
  const columnOf = (text: string): Watched => ({
    tokens: encode(vocabulary, text),
    ...{ at: 0, seen: [], position: { state: zeroState(session.model), logits: new Float32Array(vocabulary.size) } },
  });
  const read = (columns: Watched[], steps: number): Promise<number> =>
    readSideBySide(session, columns, steps, ({ seen, tokens }, at, logits, offset) =>
      seen.push(logits[offset + tokens[at]!]!),
    );
  const alone = texts.map(columnOf);
  for (const column of alone) await read([column], 20);
  const columns = texts.map(columnOf);
  const [first, second, third] = columns as [Watched, Watched, Watched];
  await read([first, second], 3);
  await read([third, first], 4);
  await read([second, first, third], 13);
  expect(columns.map(({ at }) => at)).toEqual([20, 16, 17]);
  for (const [index, column] of columns.entries()) {
    const expected = alone[index]!.seen.slice(0, column.at);
    expect(column.seen).toEqual(expected.map((value): unknown => expect.closeTo(value, 3)));
    if (column.at === 20) {
      const { state, logits } = alone[index]!.position;
      const close = (values: Float32Array): unknown[] =>
        Array.from(values, (value): unknown => expect.closeTo(value, 3));
      expect(Array.from(column.position.logits)).toEqual(close(logits));
      column.position.state.forEach((values, kind) => expect(Array.from(values)).toEqual(close(state[kind]!)));
    }
  }
  // No more of each than the one with the least has left.
  expect(await read([second, third], 100)).toBe(3);
  expect([second.at, third.at]).toEqual([19, 20]);
});
