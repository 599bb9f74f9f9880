import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanWords } from '../../src/surprise/wordScanning';
import { languageOf } from '../../src/text/languages';

const shown = (path: string, text: string): string =>
  scanWords(text, languageOf(path))
    .filter(({ kind }) => kind !== 'layout')
    .map(({ start, end, kind }) => `${kind[0]!}:${text.slice(start, end)}`)
    .join(' ');

it.each([
  ['a.ts', 'const aB = c.d(1.5, "x y");', 'k:const i:aB s:= i:c s:. i:d s:( l:1.5 s:, s:" l:x l:y s:" s:) s:;'],
  ['a.ts', 'a === b // c d', 'i:a s:=== i:b c:/ c:/ c:c c:d'],
  ['a.ts', '/* a\nb */ c', 'c:/ c:* c:a c:b c:* c:/ i:c'],
  ['a.ts', "it's", "i:it s:' i:s"],
  ['a.py', 'def f(x): # y', 'k:def i:f s:( i:x s:) s:: c:# c:y'],
  ['a.py', '"""a"""\nb', 'c:" c:" c:" c:a c:" c:" c:" i:b'],
  ['a.md', 'if a', 'c:if c:a'],
])('%s: %s', (path, text, expected) => {
  expect(shown(path, text)).toBe(expected);
});

it('covers any text without a gap', () => {
  const pieces = fc.constantFrom(
    'a',
    'Ab1',
    '"',
    "'",
    '`',
    '//',
    '/*',
    '*/',
    '#',
    '\n',
    '\r\n',
    ' ',
    '1',
    '😀',
    '\\',
    '$',
    '{',
  );
  fc.assert(
    fc.property(fc.array(pieces), fc.constantFrom('a.ts', 'a.py', 'a.md', 'a.html', 'a.lua'), (parts, path) => {
      const text = parts.join('');
      let end = 0;
      for (const word of scanWords(text, languageOf(path))) {
        expect(word.start).toBe(end);
        expect(word.end).toBeGreaterThan(word.start);
        end = word.end;
      }
      expect(end).toBe(text.length);
    }),
  );
});
