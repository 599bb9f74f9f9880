import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installedMatchesLock, packagesAreInstalled } from '../../scripts/setup/npmPackages.mjs';

const lock = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/for-windows': { version: '2.0.0', optional: true },
  },
};

describe('what npm installed', () => {
  it.each([
    { what: 'all of it', packages: lock.packages, matches: true },
    {
      what: 'all but a package for another platform',
      packages: { 'node_modules/a': { version: '1.0.0' } },
      matches: true,
    },
    { what: 'another version', packages: { 'node_modules/a': { version: '1.0.1' } }, matches: false },
    { what: 'nothing', packages: {}, matches: false },
    {
      what: 'something left over',
      packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/old': { version: '1.0.0' } },
      matches: false,
    },
  ])('$what: matches the lock file: $matches', ({ packages, matches }) => {
    expect(installedMatchesLock(lock, { packages })).toBe(matches);
  });
});

describe('the folder node_modules', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'recur-packages-'));
    mkdirSync(path.join(root, 'node_modules', 'a'), { recursive: true });
    writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify(lock));
    writeFileSync(path.join(root, 'node_modules', 'a', 'package.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const npmNote = () => path.join(root, 'node_modules', '.package-lock.json');
  const wholeNote = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });

  it('is complete when npm has written its note', () => {
    writeFileSync(npmNote(), wholeNote);
    expect(packagesAreInstalled(root)).toBe(true);
  });

  it('is not complete while npm was killed before its note, or in it', () => {
    expect(packagesAreInstalled(root)).toBe(false);
    writeFileSync(npmNote(), wholeNote.slice(0, 20));
    expect(packagesAreInstalled(root)).toBe(false);
  });

  it('is not complete when a package was deleted by hand', () => {
    writeFileSync(npmNote(), wholeNote);
    rmSync(path.join(root, 'node_modules', 'a'), { recursive: true });
    expect(packagesAreInstalled(root)).toBe(false);
  });
});
