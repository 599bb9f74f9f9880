import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryOfFolder } from '../../src/editors/repositoryOfFolder';

describe('the repository of a folder', () => {
  it.each([
    { name: 'is the one that it is', folder: '/code/app', roots: ['/code/app'], expected: '/code/app' },
    { name: 'holds it', folder: '/code/app/src', roots: ['/code/lib', '/code/app'], expected: '/code/app' },
    {
      name: 'is the innermost that does',
      folder: '/code/app/lib/a',
      roots: ['/code/app', '/code/app/lib'],
      expected: '/code/app/lib',
    },
    {
      name: 'is no submodule of it',
      folder: '/code/app',
      roots: ['/code/app', '/code/app/lib'],
      expected: '/code/app',
    },
    { name: 'is none that lies in it', folder: '/code', roots: ['/code/app'], expected: undefined },
    { name: 'is none whose name begins alike', folder: '/code/application', roots: ['/code/app'], expected: undefined },
    { name: 'has a folder of an odd name', folder: '/code/app/..a', roots: ['/code/app'], expected: '/code/app' },
  ])('$name', ({ folder, roots, expected }) => {
    expect(repositoryOfFolder(folder, roots, posix)).toBe(expected);
    const onWindows = (path: string): string => `C:${path.replaceAll('/', '\\')}`;
    const found = repositoryOfFolder(onWindows(folder), roots.map(onWindows), win32);
    expect(found).toBe(expected && onWindows(expected));
  });

  it('is found on Windows in letters of either case, and on its own drive only', () => {
    expect(repositoryOfFolder('c:\\code\\app\\src', ['D:\\code\\app', 'C:\\Code\\app'], win32)).toBe('C:\\Code\\app');
    expect(repositoryOfFolder('c:\\code\\app', ['D:\\code\\app'], win32)).toBeUndefined();
  });
});
