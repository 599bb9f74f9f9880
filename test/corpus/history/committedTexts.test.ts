import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCorpus, type CorpusConfiguration } from '../../../src/core/configuration';
import { UserError } from '../../../src/core/errors';
import { readCommittedTexts, type CommittedTexts } from '../../../src/corpus/history/committedTexts';
import { git, temporaryFolder, writeFiles } from '../temporaryFolder';

const read = (directory: string, count = 100, changes: Partial<CorpusConfiguration> = {}): Promise<CommittedTexts> =>
  readCommittedTexts(directory, count, { ...defaultCorpus, ...changes });

/** Put together here, so that this file holds no token itself. */
const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

function repository(): string {
  const directory = temporaryFolder();
  git(directory, 'init', '-q', '-b', 'main');
  return directory;
}

function commit(directory: string, files: Record<string, string | null>): void {
  for (const [path, text] of Object.entries(files)) {
    if (text === null) rmSync(join(directory, path));
    else writeFiles(directory, { [path]: text });
  }
  git(directory, 'add', '-A', '-f');
  git(directory, 'commit', '-q', '--no-verify', '-m', 'change');
}

describe('what commits have made of the texts', () => {
  it('is told one commit after the other, with the texts before them', async () => {
    const directory = repository();
    commit(directory, { 'a.ts': 'one\n', 'b.ts': 'two\n' });
    commit(directory, { 'a.ts': 'one\nmore\n', 'c.ts': 'three\n' });
    commit(directory, { 'b.ts': null });
    const { documents, commits } = await read(directory);
    expect(documents).toEqual([
      { path: 'a.ts', text: 'one\n' },
      { path: 'b.ts', text: 'two\n' },
    ]);
    expect(commits).toEqual([
      [
        { pathBefore: 'a.ts', before: 'one\n', after: { path: 'a.ts', text: 'one\nmore\n' } },
        { pathBefore: undefined, before: '', after: { path: 'c.ts', text: 'three\n' } },
      ],
      [{ pathBefore: 'b.ts', before: 'two\n', after: undefined }],
    ]);
  });

  it('begins as many commits ago as is asked for', async () => {
    const directory = repository();
    for (const text of ['1\n', '2\n', '3\n']) commit(directory, { 'a.ts': text });
    const { documents, commits, start } = await read(directory, 1);
    expect(documents).toEqual([{ path: 'a.ts', text: '2\n' }]);
    expect(commits).toHaveLength(1);
    expect(start.commit).toBe(git(directory, 'rev-parse', 'HEAD~1').trim());
    expect(Math.abs(start.timeMs - Date.now())).toBeLessThan(600_000);
  });

  it('has a renamed file as one that was changed', async () => {
    const directory = repository();
    const text = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');
    commit(directory, { 'old.ts': text });
    commit(directory, { 'old.ts': null, 'new.ts': `${text}last\n` });
    expect((await read(directory)).commits).toEqual([
      [{ pathBefore: 'old.ts', before: text, after: { path: 'new.ts', text: `${text}last\n` } }],
    ]);
  });

  it('is, of a merge, what it brought to the branch', async () => {
    const directory = repository();
    commit(directory, { 'a.ts': 'main\n' });
    git(directory, 'checkout', '-q', '-b', 'other');
    commit(directory, { 'b.ts': 'first\n' });
    commit(directory, { 'b.ts': 'first\nsecond\n' });
    git(directory, 'checkout', '-q', 'main');
    git(directory, 'merge', '-q', '--no-ff', '-m', 'merge', 'other');
    const { commits } = await read(directory);
    expect(commits).toEqual([
      [{ pathBefore: undefined, before: '', after: { path: 'b.ts', text: 'first\nsecond\n' } }],
    ]);
  });

  it('is that of the folder alone, in a repository of several', async () => {
    const directory = repository();
    commit(directory, { 'web/a.ts': 'a\n', 'server/b.ts': 'b\n' });
    commit(directory, { 'server/b.ts': 'b2\n' });
    commit(directory, { 'web/a.ts': 'a2\n' });
    const { documents, commits } = await read(join(directory, 'web'));
    expect(documents).toEqual([{ path: 'a.ts', text: 'a\n' }]);
    expect(commits).toEqual([[{ pathBefore: 'a.ts', before: 'a\n', after: { path: 'a.ts', text: 'a2\n' } }]]);
  });

  it('holds no secrets, nothing generated, and no links', async () => {
    const directory = repository();
    commit(directory, { 'a.ts': 'a\n' });
    symlinkSync('a.ts', join(directory, 'link.ts'));
    commit(directory, {
      '.env': 'TOKEN=1\n',
      'key.ts': `export const token = '${githubToken}';\n`,
      'yarn.lock': 'x\n',
      'made.ts': '// @generated\nx\n',
      'node_modules/p/index.js': 'x\n',
      'binary.ts': 'a\0b',
      'b.ts': 'b\n',
    });
    const { commits } = await read(directory);
    expect(commits.flat().map(({ after }) => after?.path)).toEqual(['b.ts']);
  });

  it('reads no more than the limit of a corpus, before and in each commit', async () => {
    const directory = repository();
    const large = randomBytes(2_000).toString('hex');
    commit(directory, { 'a.ts': 'a\n', 'b.ts': large, 'c.ts': 'c\n', 'copy.ts': 'a\n' });
    const blob = git(directory, 'rev-parse', 'HEAD:b.ts').trim();
    commit(directory, { 'a.ts': 'a2\n', 'b.ts': `${large}\n` });
    // Whoever reads it is told that it is damaged; its size is in its first bytes.
    const file = join(directory, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
    chmodSync(file, 0o644);
    truncateSync(file, 1_000);
    const { documents, leftOut, commits } = await read(directory, 100, { maxCorpusBytes: 1_000 });
    expect(documents.map(({ path }) => path)).toEqual(['a.ts', 'c.ts']);
    expect(leftOut).toEqual({ 'over the limit of the corpus': 1, duplicate: 1 });
    expect(commits.map((changes) => changes.map(({ after }) => after?.path))).toEqual([['a.ts']]);
  });

  it.each([
    ['no repository', () => temporaryFolder()],
    ['a repository without commits', () => repository()],
    [
      'a repository with one commit',
      () => {
        const directory = repository();
        commit(directory, { 'a.ts': 'a\n' });
        return directory;
      },
    ],
  ])('is not told of %s', async (_, make) => {
    await expect(read(make())).rejects.toBeInstanceOf(UserError);
  });

  it('is read without running anything that the repository configures', async () => {
    const directory = repository();
    commit(directory, { '.gitattributes': '*.ts diff=own filter=own\n', 'a.ts': 'a\n' });
    commit(directory, { 'a.ts': 'a\nb\n' });
    const [program, ran] = [join(directory, 'program'), join(directory, 'ran')];
    writeFileSync(program, `#!/bin/sh\ntouch '${ran}'\ncat\n`);
    chmodSync(program, 0o755);
    const settings = [
      'diff.external',
      'diff.own.command',
      'diff.own.textconv',
      'filter.own.smudge',
      'filter.own.clean',
    ];
    for (const name of [...settings, 'core.fsmonitor', 'core.pager', 'core.sshCommand']) {
      git(directory, 'config', name, program);
    }
    expect((await read(directory)).commits).toHaveLength(1);
    expect(existsSync(ran)).toBe(false);
  });
});
