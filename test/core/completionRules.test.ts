import { describe, expect, it } from 'vitest';
import { confidentPart, mayCompleteAt, withoutRepeated } from '../../src/core/completionRules';

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

describe('the confident part of a line', () => {
  const line = Array.from('foo(ab);');
  const sure = line.map(() => 1);

  it('is the whole line, with its end, where that is likely enough', () => {
    expect(confidentPart(line, sure, 0.5, 0.5)).toEqual({
      text: 'foo(ab);',
      confidence: 0.5,
      isWholeLine: true,
    });
  });

  it.each([
    { unsure: 0, text: '' },
    { unsure: 1, text: '' },
    { unsure: 3, text: 'foo' },
    { unsure: 5, text: 'foo(' },
    { unsure: 7, text: 'foo(ab)' },
  ])('ends with a word before the unsure character $unsure', ({ unsure, text }) => {
    const probabilities = line.map((_, index) => (index === unsure ? 0.1 : 1));
    expect(confidentPart(line, probabilities, 1, 0.2).text).toBe(text);
  });

  it('has the product of the probabilities of its characters', () => {
    const { text, confidence } = confidentPart(Array.from('a b'), [0.9, 0.8, 0.1], undefined, 0.5);
    expect(text).toBe('a ');
    expect(confidence).toBeCloseTo(0.72);
  });

  it('does not end within a name that the line was broken off in', () => {
    expect(confidentPart(Array.from('x = na'), Array(6).fill(1) as number[], undefined, 0.2).text).toBe('x = ');
  });
});
