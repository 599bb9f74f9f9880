import { describe, expect, it } from 'vitest';
import { documentPath } from '../../src/text/documentPath';

const folder = (directory: string, name = directory.split('/').at(-1)!) => ({ directory, name });

describe('the path of a file in the corpus', () => {
  it.each([
    ['in the only folder', '/work/app/src/a.ts', [folder('/work/app')], 'src/a.ts'],
    ['in one of several folders', '/work/lib/a.ts', [folder('/work/app'), folder('/work/lib')], 'lib/a.ts'],
    [
      'in the inner of two nested folders',
      '/work/app/lib/a.ts',
      [folder('/work/app'), folder('/work/app/lib')],
      'lib/a.ts',
    ],
    ['in the second folder of that name', '/b/app/a.ts', [folder('/a/app'), folder('/b/app')], 'app (2)/a.ts'],
    ['on Windows', 'C:\\work\\app\\src\\a.ts', [folder('C:\\work\\app', 'app')], 'src/a.ts'],
    ['in a folder whose name only begins alike', '/work/application/a.ts', [folder('/work/app')], undefined],
    ['in no folder', '/tmp/a.ts', [], undefined],
  ])('%s', (_, file, folders, expected) => {
    expect(documentPath(file, folders)).toBe(expected);
  });
});
