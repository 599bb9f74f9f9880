import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../../src/text/lineChanges';

describe('the lines that differ between two texts', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', []],
    ['a\nc', 'a\nb\nc', [{ from: 1, added: ['b'], removed: [], next: 1 }]],
    ['a\nb\nc', 'a\nc', [{ from: 1, added: [], removed: ['b'], next: 2 }]],
    ['a\nb\nc', 'a\nB\nc', [{ from: 1, added: ['B'], removed: ['b'], next: 2 }]],
    ['', 'a\nb', [{ from: 0, added: ['a', 'b'], removed: [''], next: 1 }]],
  ])('of %j and %j', (before, after, changes) => {
    expect(changedLines(before, after)).toEqual(changes);
  });

  it('make the later text of the earlier one', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '{', '}', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [old, lines] = [before.split('\n'), [] as string[]];
        let taken = 0;
        for (const { added, removed, next, from } of changedLines(before, after)!) {
          lines.push(...old.slice(taken, next - removed.length));
          expect(lines).toHaveLength(from);
          expect(old.slice(next - removed.length, next)).toEqual(removed);
          lines.push(...added);
          taken = next;
        }
        expect([...lines, ...old.slice(taken)].join('\n')).toBe(after);
      }),
    );
  });

  it('are not looked for in texts that have nothing in common', () => {
    const lines = (prefix: string): string =>
      Array.from({ length: 1_000 }, (_, index) => `${prefix}${index}`).join('\n');
    expect(changedLines(lines('a'), lines('b'))).toBeUndefined();
  });
});
