import { expect, it } from 'vitest';
import { linesInBlock } from '../../src/text/blockLines';

it.each([
  {
    name: 'a body and its closing bracket, and nothing after it',
    current: 'function f() {',
    lines: ['  a();', '  b();', '}', 'c();'],
    count: 3,
    ended: true,
  },
  { name: 'a body that goes on', current: 'if (x) {', lines: ['  a();'], count: 1, ended: false },
  { name: 'an empty body', current: '  f({', lines: ['  });', '  g();'], count: 1, ended: true },
  {
    name: 'a closing line that opens again',
    current: 'if (x) {',
    lines: ['  a();', '} else {', '  b();', '}', 'c();'],
    count: 4,
    ended: true,
  },
  { name: 'a body without brackets', current: 'def f():', lines: ['    a()', 'b()'], count: 1, ended: true },
  { name: 'the end of a body in words', current: 'def f', lines: ['  a', 'end', 'b'], count: 2, ended: true },
  {
    name: 'the next statements of its own block',
    current: '  a();',
    lines: ['  b();', '  c();'],
    count: 2,
    ended: false,
  },
  { name: 'not what closes its own block', current: '  a();', lines: ['  b();', '}', 'c();'], count: 1, ended: true },
  { name: 'blank lines between', current: 'a();', lines: ['', 'b();'], count: 2, ended: false },
  { name: 'no blank lines at the end', current: '  a();', lines: ['', '}'], count: 0, ended: true },
  {
    name: 'tabs and blanks alike',
    current: '\tif x:',
    lines: ['\t\ta()', '        b()', '\tc()'],
    count: 2,
    ended: true,
  },
  { name: 'nothing', current: 'a();', lines: [], count: 0, ended: false },
  {
    name: 'nothing where the body is there already',
    current: 'if (x) {',
    lines: ['  a();'],
    next: '  old();',
    count: 0,
    ended: true,
  },
  {
    name: 'not the next line again',
    current: '  a();',
    lines: ['  b();', '  c();'],
    next: '  c();',
    count: 1,
    ended: true,
  },
  { name: 'not the bracket that is there', current: 'f({', lines: ['  a,', '});'], next: '});', count: 1, ended: true },
])('writes $name', ({ current, lines, next, count, ended }) => {
  expect(linesInBlock(current, lines, next)).toEqual({ count, ended });
});

it('never goes past a line that is indented less', () => {
  const lines = ['    a', '      b', '    c', '  d', '    e'];
  for (let length = 0; length <= lines.length; length++) {
    expect(linesInBlock('    x', lines.slice(0, length), undefined).count).toBeLessThanOrEqual(3);
  }
});
