import { expect, it } from 'vitest';
import { isLongEnough, keptAfter, type KeptLine } from '../../../src/engine/documents/keptLine';
import { openSession } from '../../inference/testSession';

const session = await openSession();

/** A line drawn at offset 10, its characters less and less probable. */
function drawn(text: string, ends: number | undefined = 0.5, isWhole = true): KeptLine {
  const characters = Array.from(text);
  const probabilities = characters.map((_, index) => 1 / (index + 1));
  const line = { characters, probabilities, ends };
  return { session, memory: undefined, maxCharacters: 8, membersAt: undefined, offset: 10, line, isWhole };
}

it.each([
  { name: 'the first character', edit: { offset: 10, length: 0, text: 'a' }, left: 'b(c)', offset: 11 },
  { name: 'several at once', edit: { offset: 10, length: 0, text: 'ab(' }, left: 'c)', offset: 13 },
  { name: 'all of it', edit: { offset: 10, length: 0, text: 'ab(c)' }, left: '', offset: 15 },
  { name: 'a bracket that the editor closes', edit: { offset: 10, length: 0, text: 'ab()' }, left: 'c)', offset: 13 },
  { name: 'over a closed bracket', edit: { offset: 10, length: 1, text: 'a' }, left: 'b(c)', offset: 11 },
  { name: 'something else', edit: { offset: 10, length: 0, text: 'x' }, left: undefined, offset: 0 },
  { name: 'on with something else', edit: { offset: 10, length: 0, text: 'abx' }, left: undefined, offset: 0 },
  { name: 'elsewhere', edit: { offset: 9, length: 0, text: 'a' }, left: undefined, offset: 0 },
  { name: 'nothing', edit: { offset: 10, length: 0, text: '' }, left: undefined, offset: 0 },
  { name: 'in place of more', edit: { offset: 10, length: 2, text: 'a' }, left: undefined, offset: 0 },
  { name: 'a character and its line end', edit: { offset: 10, length: 0, text: 'a\n' }, left: undefined, offset: 0 },
])('typing $name', ({ edit, left, offset }) => {
  const before = drawn('ab(c)');
  const kept = keptAfter(before, edit);
  expect(kept?.line.characters.join('')).toBe(left);
  if (kept === undefined) return;
  expect(kept.offset).toBe(offset);
  expect(kept.line.probabilities).toEqual(before.line.probabilities.slice(5 - kept.line.characters.length));
  expect(kept.line.ends).toBe(0.5);
});

it.each([
  { name: 'what both say', typed: 'a', left: ['bcd', 'b(x'] },
  { name: 'what the whole line says', typed: 'abc', left: ['d', undefined] },
  { name: 'what only the other one says', typed: 'ab(', left: ['x', undefined] },
])('of a line with an alternative keeps $name', ({ typed, left }) => {
  const both = drawn('abcd');
  const line = { ...both.line, alternative: drawn('ab(x').line };
  const kept = keptAfter({ ...both, line }, { offset: 10, length: 0, text: typed })!.line;
  expect([kept.characters.join(''), kept.alternative?.characters.join('')]).toEqual(left);
});

it('counts UTF-16 units in the document and code points in the line', () => {
  const kept = keptAfter(drawn('😀ab'), { offset: 10, length: 0, text: '😀a' });
  expect([kept?.offset, kept?.line.characters]).toEqual([13, ['b']]);
});

it('draws on where little is left of a line that was broken off', () => {
  const kept = drawn('abcdefgh', undefined, false);
  expect(isLongEnough(kept)).toBe(true);
  expect(isLongEnough(keptAfter(kept, { offset: 10, length: 0, text: 'abcd' })!)).toBe(true);
  expect(isLongEnough(keptAfter(kept, { offset: 10, length: 0, text: 'abcde' })!)).toBe(false);
  expect(isLongEnough(drawn('a'))).toBe(true);
});
