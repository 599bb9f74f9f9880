import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { singleEdit } from '../../src/text/textEdit';

describe('a single edit', () => {
  it.each([
    { from: 'ab', to: 'ab', edit: undefined },
    { from: '', to: 'a', edit: { offset: 0, length: 0, text: 'a' } },
    { from: 'ac', to: 'abc', edit: { offset: 1, length: 0, text: 'b' } },
    { from: 'aa', to: 'aaa', edit: { offset: 2, length: 0, text: 'a' } },
    { from: 'aaa', to: 'aa', edit: { offset: 2, length: 1, text: '' } },
    { from: 'abc', to: 'axc', edit: { offset: 1, length: 1, text: 'x' } },
  ])("from '$from' to '$to'", ({ from, to, edit }) => {
    expect(singleEdit(from, to)).toEqual(edit);
  });

  it('turns any text into any other', () => {
    const random = createRandom(7);
    const text = () => Array.from({ length: random.integer(12) }, () => 'ab'[random.integer(2)]).join('');
    for (let round = 0; round < 500; round++) {
      const [from, to] = [text(), text()];
      const edit = singleEdit(from, to) ?? { offset: 0, length: 0, text: '' };
      expect(from.slice(0, edit.offset) + edit.text + from.slice(edit.offset + edit.length)).toBe(to);
    }
  });
});
