import { describe, expect, it } from 'vitest';
import {
  confidentParts,
  mayCompleteAt,
  withoutRepeated,
  writtenOver,
  type LineToOffer,
} from '../../src/offers/completionRules';

describe('where a completion may be offered', () => {
  it.each([
    { before: '', after: '', may: true },
    { before: 'const a = ', after: '', may: true },
    { before: 'const na', after: '', may: true },
    { before: 'const na', after: 'me = 1', may: false },
    { before: 'größ', after: 'e', may: false },
    { before: '𝒳', after: '𝒴', may: false },
    { before: 'call(', after: ')', may: true },
    { before: 'call("a', after: '");', may: true },
    { before: 'a', after: ' ', may: true },
    { before: 'a', after: ' + b', may: false },
    { before: '', after: 'x', may: false },
    { before: '(', after: '(', may: false },
  ])('"$before|$after": $may', ({ before, after, may }) => {
    expect(mayCompleteAt(before, after)).toBe(may);
  });
});

describe('what repeats the text after the cursor', () => {
  it.each([
    { completion: 'x', after: '', rest: 'x' },
    { completion: 'x);', after: ');', rest: 'x' },
    { completion: 'x)', after: ');', rest: 'x' },
    { completion: 'f(x)', after: ')', rest: 'f(x)' },
    { completion: 'f(x))', after: ')', rest: 'f(x)' },
    { completion: ') {', after: ')', rest: '' },
    { completion: 'a, [b]) + 1', after: ')', rest: 'a, [b]' },
    { completion: "def')", after: "')", rest: 'def' },
    { completion: "x + 'y'", after: "'", rest: "x + 'y'" },
    { completion: 'x;', after: ';', rest: 'x' },
    { completion: 'x]', after: '  ]', rest: 'x' },
  ])('"$completion" before "$after" leaves "$rest"', ({ completion, after, rest }) => {
    expect(withoutRepeated(completion, after)).toBe(rest);
  });
});

describe('what the editor has closed behind the cursor is written over', () => {
  it.each([
    { completion: 'a) {', after: ')', units: 1 },
    { completion: 'a, b }) => {', after: '})', units: 2 },
    { completion: '"a") {', after: ')', units: 1 },
    { completion: 'a)', after: ')', units: 0 },
    { completion: 'a', after: ')', units: 0 },
    { completion: 'f(a)', after: ')', units: 0 },
    { completion: 'a) {', after: ') {', units: 0 },
    { completion: 'a) {', after: '', units: 0 },
    { completion: 'a) {', after: ')  ', units: 3 },
  ])('"$completion" before "$after": $units units', ({ completion, after, units }) => {
    expect(writtenOver(completion, after)).toBe(units);
  });
});

describe('the confident part of a line', () => {
  const confidentPart = (line: LineToOffer, minimum: number) => [...confidentParts(line, minimum)][0];
  const characters = Array.from('foo(ab);');
  const sure = { characters, probabilities: characters.map(() => 1), ends: 0.5 };

  it('is the whole line, with its end, where that is likely enough', () => {
    expect(confidentPart(sure, 0.5)).toEqual({ text: 'foo(ab);', confidence: 0.5, isWholeLine: true, line: sure });
  });

  it.each([
    { unsure: 0, text: undefined },
    { unsure: 1, text: undefined },
    { unsure: 3, text: 'foo' },
    { unsure: 5, text: 'foo(' },
    { unsure: 7, text: 'foo(ab)' },
  ])('ends with a word before the unsure character $unsure', ({ unsure, text }) => {
    const probabilities = characters.map((_, index) => (index === unsure ? 0.1 : 1));
    expect(confidentPart({ characters, probabilities, ends: 1 }, 0.2)?.text).toBe(text);
  });

  it('has the product of the probabilities of its characters', () => {
    const line = { characters: Array.from('a b'), probabilities: [0.9, 0.8, 0.1], ends: undefined };
    const part = confidentPart(line, 0.5);
    expect(part?.text).toBe('a ');
    expect(part?.confidence).toBeCloseTo(0.72);
  });

  it('does not end within a name that the line was broken off in', () => {
    const line = { characters: Array.from('x = na'), probabilities: Array<number>(6).fill(1), ends: undefined };
    expect(confidentPart(line, 0.2)?.text).toBe('x = ');
  });
});
