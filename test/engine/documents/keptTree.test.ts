import { expect, it } from 'vitest';
import { keptAfter, nodeAt, type KeptTree } from '../../../src/engine/documents/keptTree';
import type { LineNode } from '../../../src/inference/lineTree';
import { createVocabulary, encode, tokenOf, tokenText } from '../../../src/text/vocabulary';
import { openSession } from '../../inference/testSession';

const vocabulary = createVocabulary(Array.from('abcdx()😀', (character) => character.codePointAt(0)!));
const session = { ...(await openSession()), vocabulary };
const root = 10;

/** A tree that was drawn at offset 10, of these lines. */
function drawn(...lines: readonly string[]): KeptTree {
  const node: LineNode = { state: [], followers: [], longer: new Map() };
  for (const line of lines) {
    let at = node;
    for (const token of encode(vocabulary, line)) {
      const longer = at.longer.get(token) ?? { state: [], followers: [], longer: new Map<number, LineNode>() };
      at.longer.set(token, longer);
      at = longer;
    }
  }
  return { session, memory: undefined, membersAt: undefined, typed: [{ offset: root, node }] };
}

/** The only line that goes on at an offset; undefined where the tree does not. */
function leftAt(kept: KeptTree, offset: number): string | undefined {
  let node = nodeAt(kept, offset);
  if (node === undefined) return undefined;
  let left = '';
  while (node.longer.size > 0) {
    const [token, longer]: [number, LineNode] = [...node.longer][0]!;
    left += tokenText(vocabulary, token);
    node = longer;
  }
  return left;
}

const character = (text: string): number => tokenOf(vocabulary, text.codePointAt(0)!);

it.each([
  { name: 'the first character', edit: { offset: 10, length: 0, text: 'a' }, left: 'b(c)', offset: 11 },
  { name: 'several at once', edit: { offset: 10, length: 0, text: 'ab(' }, left: 'c)', offset: 13 },
  { name: 'all of it', edit: { offset: 10, length: 0, text: 'ab(c)' }, left: '', offset: 15 },
  { name: 'a bracket that the editor closes', edit: { offset: 10, length: 0, text: 'ab()' }, left: 'c)', offset: 13 },
  { name: 'over a closed bracket', edit: { offset: 10, length: 1, text: 'a' }, left: 'b(c)', offset: 11 },
])('typing $name goes on in the tree', ({ edit, left, offset }) => {
  const kept = keptAfter(drawn('ab(c)'), edit)!;
  expect(leftAt(kept, offset)).toBe(left);
  expect(leftAt(kept, root)).toBe('ab(c)');
});

it.each([
  { name: 'something else', edit: { offset: 10, length: 0, text: 'x' } },
  { name: 'on with something else', edit: { offset: 10, length: 0, text: 'abx' } },
  { name: 'elsewhere', edit: { offset: 9, length: 0, text: 'a' } },
  { name: 'a closing bracket that is not in it', edit: { offset: 10, length: 0, text: ')' } },
  { name: 'in place of more', edit: { offset: 10, length: 2, text: 'a' } },
  { name: 'a character and its line end', edit: { offset: 10, length: 0, text: 'a\n' } },
  { name: 'nothing in place of what follows', edit: { offset: 10, length: 1, text: '' } },
])('typing $name leaves nothing of it', ({ edit }) => {
  expect(keptAfter(drawn('ab(c)'), edit)).toBeUndefined();
});

it('of several lines all are kept that begin with what was typed', () => {
  const kept = keptAfter(drawn('abcd', 'ab(x', 'b'), { offset: 10, length: 0, text: 'ab' })!;
  expect([...nodeAt(kept, 12)!.longer.keys()].sort()).toEqual(['c', '('].map(character).sort());
});

it('what is taken back is typed no more, and another line may be', () => {
  const typed = keptAfter(drawn('abcd', 'ab(x'), { offset: 10, length: 0, text: 'abc' })!;
  const back = keptAfter(typed, { offset: 12, length: 1, text: '' })!;
  expect([leftAt(typed, 13), leftAt(back, 13), leftAt(back, 11)]).toEqual(['d', undefined, 'bcd']);
  expect(leftAt(keptAfter(back, { offset: 12, length: 0, text: '(' })!, 13)).toBe('x');
  expect(leftAt(keptAfter(typed, { offset: 12, length: 1, text: '(' })!, 13)).toBe('x');
});

it('counts UTF-16 units in the document', () => {
  expect(leftAt(keptAfter(drawn('😀ab'), { offset: 10, length: 0, text: '😀a' })!, 13)).toBe('b');
});
