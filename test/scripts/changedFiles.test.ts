import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedFiles } from '../../scripts/checks/changedFiles.mjs';

let root = '';
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: root, stdio: 'pipe' });
const write = (file: string, text: string) => {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'recur-changes-'));
  git('init', '-q', '-b', 'main');
  for (const file of ['kept.ts', 'committed.ts', 'edited.ts', 'deleted.ts']) write(file, 'a');
  write('.gitignore', 'dist/');
  git('add', '-A');
  git('commit', '-qm', 'first');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Commits one change on a branch and leaves others uncommitted. */
function work(): void {
  git('checkout', '-qb', 'feature');
  write('committed.ts', 'b');
  git('commit', '-qam', 'second');
  write('edited.ts', 'b');
  write('sub/änew file.ts', 'b');
  write('dist/bundle.js', 'b');
  rmSync(path.join(root, 'deleted.ts'));
}

describe('what changed', () => {
  it('is everything since the branch left main, committed or not, and still there', async () => {
    work();
    expect(await changedFiles(root)).toEqual(['committed.ts', 'edited.ts', 'sub/änew file.ts']);
  });

  it('does not hold what main has got since', async () => {
    work();
    git('stash', '-qu');
    git('checkout', '-q', 'main');
    write('kept.ts', 'b');
    git('commit', '-qam', 'meanwhile');
    git('checkout', '-q', 'feature');
    expect(await changedFiles(root)).toEqual(['committed.ts']);
  });

  it('is counted from another commit where one is named', async () => {
    work();
    expect(await changedFiles(root, 'HEAD')).toEqual(['edited.ts', 'sub/änew file.ts']);
  });

  it('cannot be told from a commit that does not exist', async () => {
    await expect(changedFiles(root, 'nowhere')).rejects.toThrow(/git cannot tell what changed: .*nowhere/);
  });
});
