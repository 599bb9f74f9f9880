import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import {
  lineEnd,
  lineStart,
  offsetOfPosition,
  toCodePointOffset,
  toEditorOffset,
  toLineFeeds,
} from '../../src/text/textOffsets';

const pieces = ['a', 'é', '\r\n', '\n', '\r', '😀', '𝒳', ' ', '漢'];

/** Texts in which every kind of character and line end follows every other. */
function randomTexts(count: number): string[] {
  const random = createRandom(11);
  return Array.from({ length: count }, () =>
    Array.from({ length: random.integer(30) }, () => pieces[random.integer(pieces.length)]).join(''),
  );
}

describe('offsets of the editor and of the model', () => {
  it('counts before every place what encoding the text before it gives', () => {
    for (const text of randomTexts(200)) {
      const whole = Array.from(toLineFeeds(text));
      for (let points = 0; points <= whole.length; points++) {
        const offset = toEditorOffset(text, points);
        expect(Array.from(toLineFeeds(text.slice(0, offset)))).toEqual(whole.slice(0, points));
        expect(toCodePointOffset(text, offset)).toBe(points);
      }
    }
  });

  it('takes the place before a pair that the offset would cut', () => {
    expect(toCodePointOffset('a😀b', 2)).toBe(1);
    expect(toCodePointOffset('a\r\nb', 2)).toBe(1);
  });

  it.each([
    { line: 1, column: 1, offset: 0 },
    { line: 1, column: 3, offset: 2 },
    { line: 2, column: 1, offset: 4 },
    { line: 2, column: 3, offset: 6 },
    { line: 3, column: 1, offset: 7 },
    { line: 1, column: 4, offset: undefined },
    { line: 4, column: 1, offset: undefined },
    { line: 1, column: 0, offset: undefined },
  ])('finds line $line, column $column', ({ line, column, offset }) => {
    expect(offsetOfPosition('ab\r\n😀\n', line, column)).toBe(offset);
  });

  it('finds the borders of a line without its line end', () => {
    const text = 'ab\r\ncd\nef';
    expect([0, 1, 2].map((offset) => [lineStart(text, offset), lineEnd(text, offset)])).toEqual(Array(3).fill([0, 2]));
    expect([lineStart(text, 5), lineEnd(text, 5)]).toEqual([4, 6]);
    expect([lineStart(text, 9), lineEnd(text, 9)]).toEqual([7, 9]);
  });
});
