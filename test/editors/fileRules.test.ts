import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathInWorkspace } from '../../src/editors/editorDocumentPath';
import { createFileRules, type FileRules } from '../../src/editors/fileRules';

describe('file rules', () => {
  let folder: string;
  let excluded: string[];
  let rules: FileRules;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recur-rules-'));
    excluded = [];
    rules = createFileRules(() => excluded);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(path: string, text = 'text'): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const leftOut = (path: string) => {
    const file = join(folder, path);
    return rules.leftOut(file, pathInWorkspace(file, [{ directory: folder, name: 'folder' }]));
  };

  describe.each(['a git repository', 'a plain folder'])('in %s', (kind) => {
    beforeEach(async () => {
      if (kind === 'a git repository') execFileSync('git', ['init', '--quiet'], { cwd: folder });
      await write('.gitignore', 'build/\n*.local\n!kept.local\n');
      await write('packages/one/.gitignore', 'private.ts\n!shared.local\n');
    });

    it.each([
      ['src/a.ts', false],
      ['build/a.ts', true],
      ['build/deep/a.ts', true],
      ['notes.local', true],
      ['kept.local', false],
      ['packages/one/private.ts', true],
      ['packages/one/shared.local', false],
      ['packages/two/private.ts', false],
      ['.env', true],
      ['keys/server.pem', true],
      ['src/:(top)a.ts', false],
    ])('%s is left out: %s', async (path, expected) => {
      await write(path);
      expect(await leftOut(path)).toBe(expected);
    });
  });

  it('reads files that git tracks although a rule ignores them', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    await write('.gitignore', '*.ts\n');
    await write('a.ts');
    await write('b.ts');
    execFileSync('git', ['add', '--force', 'a.ts'], { cwd: folder });
    expect([await leftOut('a.ts'), await leftOut('b.ts')]).toEqual([false, true]);
  });

  it('runs no program that the repository names', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    await write('a.ts');
    await write('hook.sh', `#!/bin/sh\ntouch "${join(folder, 'ran')}"\n`);
    execFileSync('git', ['config', 'core.fsmonitor', `sh ${join(folder, 'hook.sh')}`], { cwd: folder });
    expect(await leftOut('a.ts')).toBe(false);
    await expect(rm(join(folder, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('keeps to the exclude globs, and to new ones once the old are forgotten', async () => {
    excluded = ['vendor/**'];
    expect([await leftOut('vendor/a.ts'), await leftOut('src/a.ts')]).toEqual([true, false]);
    excluded = ['src'];
    expect(await leftOut('src/a.ts')).toBe(false);
    rules.forget();
    expect([await leftOut('vendor/a.ts'), await leftOut('src/a.ts')]).toEqual([false, true]);
  });

  it('sees changed ignore rules once the old are forgotten', async () => {
    expect(await leftOut('a.log')).toBe(false);
    await write('.gitignore', '*.log\n');
    expect(await leftOut('a.log')).toBe(false);
    rules.forget();
    expect(await leftOut('a.log')).toBe(true);
  });

  it('leaves out secrets outside the workspace by their whole path', async () => {
    const file = join(folder, '.ssh/config');
    expect(await rules.leftOut(file, pathInWorkspace(file, []))).toBe(true);
  });
});
