import { describe, expect, it } from 'vitest';
import { completionPlace, minimumConfidenceAt, offerable } from '../../src/offers/completionFilters';

/** A text with the cursor at `|`. */
function placeIn(marked: string, path = 'a.ts', languageId?: string) {
  const offset = marked.indexOf('|');
  return completionPlace(marked.slice(0, offset) + marked.slice(offset + 1), offset, path, languageId);
}

/** An offer with its place, one row of a table: what is left of a drawn text there. */
interface Row {
  readonly at: string;
  readonly drawn: string;
  readonly left: string;
  readonly path?: string;
}
const check = ({ at, drawn, left, path }: Row) => expect(offerable(drawn, placeIn(at, path))).toBe(left);
const title = '"$drawn" at "$at" leaves "$left"';

describe('what would not be shown as what it is', () => {
  it.each([
    { at: 'const a = |', drawn: 'first\u202e second', left: 'first' },
    { at: 'const a = |', drawn: 'first()\u001b[2J;', left: 'first()' },
    { at: 'const a = |', drawn: 'first()\r;', left: 'first()' },
    { at: 'const a = |', drawn: 'first()\u2028;', left: 'first()' },
    { at: 'const a = |', drawn: '\u2066first()', left: '' },
    { at: 'const a = |', drawn: '"שלום"', left: '"שלום"' },
  ] satisfies Row[])(title, check);
});

describe('right of the cursor', () => {
  it.each([
    { at: 'const na|', may: true },
    { at: 'const na|me', may: false },
    { at: 'call(|)', may: true },
    { at: 'call("|"); ', may: true },
    { at: 'a = [|], b: `', may: false },
    { at: 'a = [|] }>:;,', may: true },
    { at: 'a| + b', may: false },
  ])('$at: $may', ({ at, may }) => {
    expect(minimumConfidenceAt(placeIn(at), 0.5, 'normal')).toBe(may ? 0.5 : undefined);
  });

  it.each([
    { at: 'call(|);', drawn: 'value);', left: 'value' },
    { at: 'call(|);', drawn: 'other(value));', left: 'other(value)' },
    { at: 'call("|");', drawn: 'text");', left: 'text' },
  ])(title, check);
});

describe('a bracket that closes nothing', () => {
  it.each([
    { at: 'foo(|', drawn: 'bar);', left: 'bar);' },
    { at: 'foo(|', drawn: 'bar));', left: 'bar)' },
    { at: 'const a = |', drawn: 'foo(b)];', left: 'foo(b)' },
    { at: 'const a = |', drawn: '(b) => [c];', left: '(b) => [c];' },
    { at: 'if (a) {\n  b();\n|', drawn: '} else {', left: '} else {' },
    { at: 'if (a) {\n  b();\n}\n|', drawn: '} else {', left: '' },
    { at: 'f({\n  a: [1],\n|', drawn: '});', left: '});' },
    // In strings and comments nothing is open, and nothing is closed.
    { at: 'a = "(";\nb = c|', drawn: ' + d);', left: ' + d' },
    { at: "a = '(' + |", drawn: "f(')')", left: "f(')')" },
    { at: 'a = f("|', drawn: ':)");', left: ':)");' },
    { at: '// as in f(\nconst b = |', drawn: 'c);', left: 'c' },
    { at: '/* f(\n { */ const b = |', drawn: 'name);', left: 'name' },
    { at: '// 1) one, |', drawn: '2) two', left: '2) two' },
    // Prose has lists and faces; a shell's `case` has closers of its own.
    { at: 'First |', drawn: 'of a) and b)', left: 'of a) and b)', path: 'a.md' },
    { at: 'case $1 in\n  |', drawn: 'start) run ;;', left: 'start) run ;;', path: 'a.sh' },
    { at: 'a = {\n  # as in f(\n  "b": c|', drawn: 'd)}', left: 'd', path: 'a.py' },
  ])(title, ({ at, drawn, left, path }) => {
    // A rest of one or two characters is not offered: see below.
    expect(offerable(drawn, placeIn(at, path))).toBe(left.length < 3 ? '' : left);
  });

  it('may close on a line of its own what began out of sight', () => {
    const far = `class A {\n${'  field = 1;\n'.repeat(3_000)}`;
    expect(offerable('}());', placeIn(`${far}|`))).toBe('}()');
    expect(offerable('b() }', placeIn(`${far}  a = |`))).toBe('b()');
  });
});

it.each([
  { quote: '"', drawn: '1}", b)]', left: '1}", b' },
  { quote: "'", drawn: '"}") + 1\', b)]', left: '"}") + 1\', b' },
])('a string that is open at the end of a very long line is looked at once ($quote)', ({ quote, drawn, left }) => {
  // Where each escaped quote is tried as the beginning of a string, this takes longer than any test may.
  const line = `a = ${quote}{${`\\${quote}a\\${quote}: 1, `.repeat(100_000)}`;
  expect(offerable(drawn, placeIn(`${line}|`))).toBe(left);
});

describe('a neighbouring line', () => {
  it.each([
    { at: 'a = b;\na = |', drawn: 'b;', left: '' },
    { at: '  const a = b;\n  const |', drawn: 'a = b;', left: '' },
    { at: '  const a = b;\nconst |', drawn: 'a = b;', left: 'a = b;' },
    { at: 'const a = b;\n\nconst |', drawn: 'a = b;', left: 'a = b;' },
    { at: 'const |\nconst a = b;', drawn: 'a = b;', left: '' },
    { at: 'const |\r\nconst a = b;\r\n', drawn: 'a = b;', left: '' },
    { at: 'call(|)\ncall(here)', drawn: 'here', left: '' },
    { at: '\n|', drawn: 'one();\ntwo();\ntwo();', left: 'one();\ntwo();' },
    { at: 'if (a) {\n  |\n}', drawn: 'call();\n}', left: 'call();' },
    { at: 'a\n|\nb', drawn: 'c();\nd();', left: 'c();\nd();' },
  ])(title, check);
});

describe('endless repetition', () => {
  it.each([
    { at: '|', drawn: 'ab ab ab ab ab', left: '' },
    { at: '|', drawn: 'x = aaaaaaaaaaaaaaa', left: '' },
    { at: '|', drawn: 'return this.value, this.value, this.value', left: '' },
    { at: '|', drawn: 'matrix = [0, 0, 0, 0, 0, 0];', left: 'matrix = [0, 0, 0, 0, 0, 0];' },
    { at: '// |', drawn: '----------------------------', left: '----------------------------' },
    { at: '|', drawn: 'that.that()', left: 'that.that()' },
  ])(title, check);
});

describe('a short text', () => {
  it.each([
    { at: 'foo(a|', drawn: ')', left: '' },
    { at: 'foo(a|', drawn: ');', left: '' },
    { at: 'f|', drawn: 'oo', left: '' },
    { at: 'f|', drawn: '   oo  ', left: '' },
    { at: 'f|', drawn: 'oo()', left: 'oo()' },
    { at: 'f|', drawn: '😀😀', left: '' },
    { at: 'f|', drawn: '😀😀😀', left: '😀😀😀' },
  ])(title, check);
});

describe('comments and prose', () => {
  it.each([
    { at: 'const a = |', comment: false },
    { at: '// a |', comment: true },
    { at: 'a(); // b |', comment: true },
    { at: '// a\nb |', comment: false },
    { at: '/** a\n * b |', comment: true },
    { at: '/* a */ b |', comment: false },
    { at: 'a = "// b|', comment: false },
    { at: "it('// b', () => { // c |", comment: true },
    { at: "a = '// b' + |", comment: false },
    { at: "glob('src/**/*.ts', |", comment: false },
    { at: 'see http://a|', comment: false },
    { at: 'a = 1 # b|', comment: true, path: 'a.py' },
    { at: 'a = "#" + |', comment: false, path: 'a.py' },
    { at: 'def a():\n  """Says |', comment: true, path: 'a.py' },
    { at: 'def a():\n  """Says b."""\n  return |', comment: false, path: 'a.py' },
    { at: 'echo $# |', comment: false, path: 'a.sh' },
    { at: 'a-- |', comment: false, path: 'a.sql' },
    { at: 'select 1 -- |', comment: true, path: 'a.sql' },
    { at: '#id { |', comment: false, path: 'a.css' },
    { at: 'all: # |', comment: true, path: 'Makefile' },
    { at: '<!-- a |', comment: true, path: 'a.html' },
    { at: 'A sentence |', comment: true, path: 'docs/a.md' },
    { at: 'A sentence |', comment: true, path: 'LICENSE' },
    { at: 'A sentence |', comment: true, path: 'untitled', languageId: 'markdown' },
    { at: 'A sentence |', comment: true, path: 'a.txt', languageId: 'plaintext' },
    { at: 'const a = |', comment: false, path: 'a.unknown', languageId: 'plaintext' },
    { at: 'const a = |', comment: false, path: 'Untitled-1', languageId: 'plaintext' },
  ])('"$at" in $path is one: $comment', ({ at, comment, path, languageId }) => {
    const place = placeIn(at, path, languageId);
    expect(minimumConfidenceAt(place, 0.5, 'quiet')).toBe(comment ? 0.75 : 0.5);
    expect(minimumConfidenceAt(place, 0, 'quiet')).toBe(0);
    expect(minimumConfidenceAt(place, 0.5, 'never')).toBe(comment ? undefined : 0.5);
    expect(minimumConfidenceAt(place, 0.5, 'normal')).toBe(0.5);
  });

  it('are told apart also where the look begins in the middle of a text', () => {
    const code = 'function a() {\n  return { b: [1, 2] };\n}\n'.repeat(1_000);
    expect(minimumConfidenceAt(placeIn(`${code}const c = |`), 0.5, 'quiet')).toBe(0.5);
    expect(minimumConfidenceAt(placeIn(`${code}// c |`), 0.5, 'quiet')).toBe(0.75);
    const comment = `/*\n${' words (\n'.repeat(5_000)} */\n`;
    expect(minimumConfidenceAt(placeIn(`${comment}const c = |`), 0.5, 'quiet')).toBe(0.5);
    expect(offerable('value)', placeIn(`${comment}const c = |`))).toBe('value');
  });
});

it.each([
  { before: 'order.', listed: true },
  { before: 'order.to', listed: true },
  { before: 'order?.to', listed: true },
  { before: 'order->to', listed: true },
  { before: 'Order::', listed: true },
  { before: 'order', listed: false },
  { before: 'order.total(', listed: false },
  { before: 'const half = 1.', listed: false },
  { before: 'call(...', listed: false },
  { before: '', listed: false },
])('behind `$before` a suggestion must be surer where the list has members: $listed', ({ before, listed }) => {
  const minimum = (asked: number) =>
    minimumConfidenceAt(placeIn(`${before}|`), asked, 'quiet', { member: 0.2, word: 1 });
  expect(minimum(0.5)).toBeCloseTo(listed ? 0.9 : 0.5);
  expect(minimum(0)).toBe(0);
});

it('a suggestion in a word that has begun is held to its own share', () => {
  const shares = { member: 1, word: 0.5 };
  expect(minimumConfidenceAt(placeIn('const to|'), 0.5, 'quiet', shares)).toBe(0.75);
  expect(minimumConfidenceAt(placeIn('const |'), 0.5, 'quiet', shares)).toBe(0.5);
});
