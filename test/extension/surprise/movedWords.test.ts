import { describe, expect, it } from 'vitest';
import { movedWords, nextPlace, withPart, wordAt } from '../../../src/extension/surprise/movedWords';

const word = (start: number, end: number, level = 5) => ({ start, end, level });
const words = [word(10, 15), word(20, 25), word(30, 35)];

describe('words of a document that was edited', () => {
  it.each([
    ['behind all', { offset: 40, length: 0, text: 'abc' }, words],
    ['before all', { offset: 0, length: 2, text: 'abc' }, [word(11, 16), word(21, 26), word(31, 36)]],
    ['in one', { offset: 22, length: 1, text: '' }, [word(10, 15), word(29, 34)]],
    ['right behind one', { offset: 15, length: 0, text: 'x' }, [word(21, 26), word(31, 36)]],
    ['right before one', { offset: 20, length: 0, text: 'x' }, [word(10, 15), word(31, 36)]],
    ['over several', { offset: 12, length: 12, text: '' }, [word(18, 23)]],
  ])('%s', (_, edit, expected) => {
    expect(movedWords(words, [edit])).toEqual(expected);
  });

  it('of several edits each applies to what the one before left', () => {
    const edits = [
      { offset: 40, length: 0, text: 'x' },
      { offset: 22, length: 0, text: 'x' },
      { offset: 0, length: 0, text: 'x' },
    ];
    expect(movedWords(words, edits)).toEqual([word(11, 16), word(32, 37)]);
  });

  it('are replaced where a part is known anew', () => {
    expect(withPart(words, { from: 18, to: 30, words: [word(18, 19)] })).toEqual([words[0], word(18, 19), words[2]]);
  });
});

describe('places', () => {
  const places = [word(10, 15, 4), word(20, 25, 3), word(30, 35, 5)];

  it.each([
    ['next', 0, 10],
    ['next', 10, 30],
    ['next', 30, 10],
    ['previous', 40, 30],
    ['previous', 30, 10],
    ['previous', 10, 30],
  ] as const)('%s of %d is %d', (direction, from, expected) => {
    expect(nextPlace(places, from, direction)?.start).toBe(expected);
  });

  it('are none where nothing is surprising', () => {
    expect(nextPlace([word(1, 2, 3)], 0, 'next')).toBeUndefined();
  });

  it.each([
    [9, undefined],
    [10, 10],
    [14, 10],
    [15, 10],
    [20, 20],
  ])('at %d stands the word from %j', (offset, expected) => {
    expect(wordAt([word(10, 15), word(16, 20), word(20, 22)], offset)?.start).toBe(expected);
  });
});
