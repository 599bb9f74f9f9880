import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { additionsOf, drawAdditions } from '../../../src/offers/measuring/addedLines';

const typedIn = (before: string, after: string): string[] => {
  const { lines } = additionsOf([{ before, after: { path: 'a.ts', text: after } }]);
  return lines[0]!.map(
    ({ start, end, below }) => `${after.slice(start, end)}|${below === null ? '' : before.slice(below)}`,
  );
};

describe('lines that somebody has typed', () => {
  it.each([
    ['a line in the middle, with what stood below', 'a\nc\n', 'a\n  b \nc\n', ['b|c\n']],
    ['a line in the place of another one', 'a\nb\nc\n', 'a\nx\nc\n', ['x|c\n']],
    ['all lines of a new text', '', 'a\n\nb', ['a|', 'b|']],
    ['no blank lines', 'a\n', 'a\n\n  \n', []],
    ['no lines with other blanks', 'if (x)\nrun()\n', 'if (x)\n  run()\n', []],
    ['no lines that stood elsewhere', 'const moved = 1\na\nb\n', 'a\nb\nconst moved = 1\n', []],
    ['no licence', '', '// Copyright someone\n\nlet a\n', ['let a|']],
    ['no secrets', '', "const key = '\uFFFD\uFFFD'\nlet a\n", ['let a|']],
    ['no lines of data', '', `${'1,'.repeat(300)}\nlet a\n`, ['let a|']],
  ])('are %s', (_, before, after, expected) => {
    expect(typedIn(before, after)).toEqual(expected);
  });

  it('are not those that another file of the same commit has lost', () => {
    const { lines, moved } = additionsOf([
      { before: 'function first() {\n}\n', after: undefined },
      { before: '', after: { path: 'b.ts', text: 'function first() {\n}\n' } },
    ]);
    expect(lines[1]).toHaveLength(1);
    expect(moved).toBe(1);
  });

  it('are none where more was added at once than anybody types', () => {
    const text = Array.from({ length: 2_001 }, (_, index) => `line ${index}`).join('\n');
    expect(additionsOf([{ before: text.slice(0, 7), after: { path: 'a.ts', text } }]).lines.flat()).toEqual([]);
  });

  it('are drawn, and all of them where fewer are there than are asked for', () => {
    const lines = Array.from({ length: 10 }, (_, index) => ({ start: index, end: index + 1, below: null }));
    const additions = [[lines.slice(0, 4)], [lines.slice(4, 5), lines.slice(5)]];
    expect(drawAdditions(additions, 100, createRandom(1))).toEqual(additions);
    expect(drawAdditions(additions, 3, createRandom(1)).flat(2)).toHaveLength(3);
  });
});
