import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { isRight, keystrokesSaved, typeLine, type JudgedText } from '../../../src/offers/measuring/typist';

const line = 'return total / count;';
const at =
  (offers: Readonly<Record<number, string>>) =>
  (index: number): JudgedText | undefined => {
    const text = offers[index];
    return text === undefined ? undefined : { text, right: line.startsWith(text, index) };
  };

describe('a typist', () => {
  it('types every character where nothing is shown', () => {
    expect(typeLine(line, () => undefined, 'line')).toEqual({ keystrokes: line.length, wrong: 0 });
  });

  it('accepts with one key what is right to the end of the line', () => {
    expect(typeLine(line, at({ 7: 'total / count;' }), 'line')).toEqual({ keystrokes: 8, wrong: 0 });
  });

  it('accepts a beginning that was offered alone', () => {
    expect(typeLine(line, at({ 7: 'total' }), 'line')).toEqual({ keystrokes: 7 + 1 + 9, wrong: 0 });
  });

  it('leaves what goes on wrongly, or takes its first words', () => {
    const offers = at({ 7: 'total / sum;' });
    expect(typeLine(line, offers, 'line')).toEqual({ keystrokes: line.length, wrong: 1 });
    // `total`, ` `, `/ ` and then by hand.
    expect(typeLine(line, offers, 'word')).toEqual({ keystrokes: 7 + 3 + 6, wrong: 0 });
  });

  it('takes no word that goes on differently', () => {
    expect(typeLine('return totals;', at({ 7: 'total + 1' }), 'word')).toEqual({ keystrokes: 14, wrong: 1 });
  });

  it('counts a wrong suggestion once while it lives on, and again when another takes its place', () => {
    const living = at({ 7: 'total * 2;', 8: 'otal * 2;', 9: 'tal * 2;' });
    expect(typeLine(line, living, 'line').wrong).toBe(1);
    expect(typeLine(line, at({ 7: 'total * 2;', 8: 'other();' }), 'line').wrong).toBe(2);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(typeLine('a\u{1f600}b', () => undefined, 'line').keystrokes).toBe(3);
  });

  it('never presses more keys than there are characters', () => {
    const random = createRandom(3);
    for (let round = 0; round < 200; round++) {
      const offers = Array.from(line, (_, index) => {
        const right = line.slice(index, index + 1 + random.integer(line.length));
        return [undefined, { text: right, right: true }, { text: `${right.slice(0, 4)}x y`, right: false }][
          random.integer(3)
        ];
      });
      const [whole, words] = (['line', 'word'] as const).map((kind) => typeLine(line, (index) => offers[index], kind));
      expect(whole!.keystrokes).toBeLessThanOrEqual(line.length);
      expect(words!.keystrokes).toBeLessThanOrEqual(line.length);
    }
  });
});

it.each([
  ['count;', true, 'count;', true],
  ['count', true, 'count;', false],
  ['count', false, 'count;', true],
  ['count', false, 'counter;', false],
  ['count ', false, 'count = 1', true],
  ['', false, 'count', false],
])('%j as a whole line (%s) where %j stands is right: %s', (text, isWhole, rest, right) => {
  expect(isRight(text, isWhole, rest)).toBe(right);
});

it('saves the share of the keys that were not pressed, less what wrong suggestions cost', () => {
  expect(keystrokesSaved(20, { keystrokes: 12, wrong: 2 })).toBeCloseTo(0.4);
  expect(keystrokesSaved(20, { keystrokes: 12, wrong: 2 }, 0.5)).toBeCloseTo(0.35);
  expect(keystrokesSaved(0, { keystrokes: 0, wrong: 0 })).toBe(0);
});

describe("a typist with the editor's list at hand", () => {
  const text = 'return totals;';
  const choiceAt = (index: number) => (index === 8 ? { length: 5, keystrokes: 2 } : undefined);
  const keystrokes = (offers: (index: number) => JudgedText | undefined, closedBySuggestions: boolean) =>
    typeLine(text, offers, 'line', { choiceAt, closedBySuggestions }).keystrokes;

  it('takes from it what it has', () => {
    expect(keystrokes(() => undefined, true)).toBe(text.length - 3);
  });

  it('does not where a suggestion closes it, wrong as it may be', () => {
    const wrong = (index: number) => (index === 8 ? { text: 'otal;', right: false } : undefined);
    expect(keystrokes(wrong, true)).toBe(text.length);
    expect(keystrokes(wrong, false)).toBe(text.length - 3);
  });

  it('takes a suggestion beside it that saves more', () => {
    const right = (index: number) => (index === 8 ? { text: 'otals;', right: true } : undefined);
    expect(keystrokes(right, false)).toBe(text.length - 5);
  });
});
