import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import type { Corpus } from '../../src/text/document';
import { UserError } from '../../src/core/errors';
import { silentLogger } from '../../src/core/logger';
import type { Candidate } from '../../src/corpus/fileCandidates';
import { chooseWithin, readCorpus, readCorpusFile, requireCharacters } from '../../src/corpus/readCorpus';
import { git, temporaryFolder, writeFiles } from './temporaryFolder';

const read = (directory: string, changes: Partial<typeof defaultCorpus> = {}): Promise<Corpus> =>
  readCorpus([{ directory, name: 'folder' }], { ...defaultCorpus, ...changes }, silentLogger);

const paths = (corpus: Corpus): string[] => corpus.documents.map(({ path }) => path);

/** Put together here, so that this file holds no token itself. */
const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

describe('which files a corpus takes in', () => {
  it('takes tracked and untracked files that git does not ignore, sorted by path', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, {
      '.gitignore': 'ignored.ts\nout/\n',
      'b.ts': 'tracked',
      'a.ts': 'untracked',
      'ignored.ts': 'ignored',
      'out/c.ts': 'in an ignored folder',
      'node_modules/p/index.js': 'installed',
    });
    git(directory, 'add', 'b.ts', '.gitignore');
    expect(paths(await read(directory))).toEqual(['.gitignore', 'a.ts', 'b.ts']);
  });

  it('finds the same files by walking where there is no repository', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, {
      '.gitignore': 'ignored*\n!ignored-not.ts\n/root.txt\nout/\n',
      'sub/.gitignore': '*.tmp\n',
      'sub/root.txt': '1',
      'sub/x.tmp': '2',
      'x.tmp': '3',
      'root.txt': '4',
      'ignored.ts': '5',
      'ignored-not.ts': '6',
      'out/deep/a.ts': '7',
      '.hidden/a.ts': '8',
      'node_modules/p/index.js': '9',
      'sub/node_modules/p/index.js': '10',
      'Übung/naïve 文件.ts': '11',
      'with [brackets] (and) {braces}.ts': '12',
    });
    const walked = await read(directory);
    git(directory, 'init', '-q');
    const listed = await read(directory);
    expect(walked).toEqual(listed);
    expect(paths(walked)).toContain('Übung/naïve 文件.ts');
    expect(paths(walked)).toContain('sub/root.txt');
    expect(paths(walked)).not.toContain('root.txt');
  });

  it('reads file names that hold a line feed, quotes or letters of other scripts', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, { 'line\nfeed.ts': 'a', '"quoted".ts': 'b', 'Привет.ts': 'c', ' space .ts': 'd' });
    git(directory, 'add', '.');
    expect(paths(await read(directory))).toEqual([' space .ts', '"quoted".ts', 'line\nfeed.ts', 'Привет.ts']);
  });

  it('reads a folder inside a repository, by the rules above it', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, { '.gitignore': '*.log\n', 'other.ts': 'x', 'sub/a.ts': 'a', 'sub/a.log': 'b' });
    expect(paths(await read(join(directory, 'sub')))).toEqual(['a.ts']);
  });

  it.each(['.gitignore', '.git/info/exclude'])(
    'reads a folder that its repository ignores as a whole in %s, as it was asked for by name',
    async (rules) => {
      const directory = temporaryFolder();
      git(directory, 'init', '-q');
      writeFiles(directory, { [rules]: 'cache/\n', 'cache/texts/a.txt': 'a', 'cache/texts/.gitignore': 'b.txt\n' });
      writeFiles(directory, { 'cache/texts/b.txt': 'b' });
      expect(paths(await read(join(directory, 'cache/texts')))).toEqual(['.gitignore', 'a.txt']);
    },
  );

  it('passes over tracked files that have been deleted, and names a conflicting file once', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q', '-b', 'main');
    writeFiles(directory, { 'gone.ts': 'gone', 'both.ts': 'base' });
    git(directory, 'add', '.');
    git(directory, 'commit', '-qm', 'base');
    git(directory, 'checkout', '-qb', 'other');
    writeFiles(directory, { 'both.ts': 'theirs' });
    git(directory, 'commit', '-qam', 'theirs');
    git(directory, 'checkout', '-q', 'main');
    writeFiles(directory, { 'both.ts': 'ours' });
    git(directory, 'commit', '-qam', 'ours');
    expect(() => git(directory, 'merge', 'other')).toThrow();
    rmSync(join(directory, 'gone.ts'));
    const corpus = await read(directory);
    expect(paths(corpus)).toEqual(['both.ts']);
    expect(corpus.leftOut).toEqual({});
  });

  it('reads submodules and repositories inside the folder', async () => {
    const [outer, inner] = [temporaryFolder(), temporaryFolder()];
    for (const directory of [outer, inner]) git(directory, 'init', '-q');
    writeFiles(inner, { 'lib.ts': 'library', '.gitignore': 'built.ts\n' });
    git(inner, 'add', '.');
    git(inner, 'commit', '-qm', 'library');
    git(outer, 'submodule', '--quiet', 'add', inner, 'module');
    git(outer, 'init', '-q', 'nested');
    writeFiles(outer, { 'main.ts': 'main', 'module/built.ts': 'ignored there', 'nested/n.ts': 'nested' });
    expect(paths(await read(outer, { exclude: ['.git*'] }))).toEqual(['main.ts', 'module/lib.ts', 'nested/n.ts']);
  });

  it('asks git about a repository that belongs to someone else, as in a container', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can give a folder away');
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, { '.gitignore': 'ignored.ts\n', 'a.ts': 'a', 'ignored.ts': 'b' });
    execFileSync('chown', ['-R', '12345:12345', directory]);
    expect(() => git(directory, 'ls-files')).toThrow('dubious ownership');
    expect(paths(await read(directory))).toEqual(['.gitignore', 'a.ts']);
  });

  it('walks where there is no git, by the rules of the folders above too', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, { '.gitignore': '*.log\n/sub/b.ts\n', 'sub/a.ts': 'a', 'sub/a.log': 'b', 'sub/b.ts': 'c' });
    vi.stubEnv('PATH', directory);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(paths(await read(join(directory, 'sub')))).toEqual(['a.ts']);
  });

  it('honours the excludes of repository and user where there is no git, and says once that it walks', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, {
      ...{ 'a.ts': 'a', 'sub/own.ts': 'b', 'sub/local.ts': 'c' },
      ...{ '.git/info/exclude': 'own.ts\n', 'home/.config/git/ignore': 'local.ts\n/home/\n' },
    });
    vi.stubEnv('PATH', directory);
    vi.stubEnv('HOME', join(directory, 'home'));
    vi.stubEnv('XDG_CONFIG_HOME', join(directory, 'home/.config'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    for (let time = 0; time < 2; time++) {
      const corpus = await readCorpus([{ directory, name: 'folder' }], defaultCorpus, logger);
      expect(paths(corpus)).toEqual(['a.ts']);
    }
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('found by walking');
  });

  it('honours the excludes of the repository in a work tree beside it where there is no git', async () => {
    const [main, beside] = [temporaryFolder(), join(temporaryFolder(), 'beside')];
    git(main, 'init', '-q');
    git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
    git(main, 'worktree', 'add', '-q', beside);
    writeFiles(main, { '.git/info/exclude': 'own.ts\n' });
    writeFiles(beside, { 'a.ts': 'a', 'own.ts': 'b' });
    expect(paths(await read(beside))).toEqual(['a.ts']);
    vi.stubEnv('PATH', beside);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(paths(await read(beside))).toEqual(['a.ts']);
  });

  it('takes tracked files that an ignore rule matches', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    writeFiles(directory, { '.gitignore': 'out/\n*.log\n', 'out/kept.ts': 'a', 'kept.log': 'b', 'other.log': 'c' });
    git(directory, 'add', '-f', 'out/kept.ts', 'kept.log');
    expect(paths(await read(directory))).toEqual(['.gitignore', 'kept.log', 'out/kept.ts']);
  });

  it('passes over a named pipe in the place of an ignore file', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a', 'sub/b.ts': 'b' });
    execFileSync('mkfifo', [join(directory, 'sub/.gitignore')]);
    vi.stubEnv('PATH', directory);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(paths(await read(directory))).toEqual(['a.ts', 'sub/b.ts']);
  });

  it('walks past names with a backslash, which ignore rules cannot judge', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a', '\\ ': 'b', 'sub\\/b.ts': 'c', 'sub/c\\d.ts': 'd', 'sub/e.ts': 'e' });
    expect(paths(await read(directory))).toEqual(['a.ts', 'sub/e.ts']);
  });

  it('walks past a folder that may not be read', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read every folder');
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a', 'closed/b.ts': 'b' });
    chmodSync(join(directory, 'closed'), 0);
    onTestFinished(() => chmodSync(join(directory, 'closed'), 0o700));
    expect(paths(await read(directory))).toEqual(['a.ts']);
  });

  it('runs nothing that the configuration of a repository names', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q');
    const trace = join(directory, 'trace');
    const script = join(directory, 'run.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${trace}'\n`, { mode: 0o755 });
    for (const name of ['core.fsmonitor', 'core.pager', 'core.sshCommand']) git(directory, 'config', name, script);
    writeFiles(directory, { 'a.ts': 'a' });
    expect(paths(await read(directory))).toEqual(['a.ts', 'run.sh']);
    expect(existsSync(trace)).toBe(false);
  });

  it('is not misled by variables that point git elsewhere, as they stand in a hook', async () => {
    const [directory, other] = [temporaryFolder(), temporaryFolder()];
    for (const each of [directory, other]) git(each, 'init', '-q');
    writeFiles(directory, { 'a.ts': 'a' });
    writeFiles(other, { 'b.ts': 'b' });
    vi.stubEnv('GIT_DIR', join(other, '.git'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(paths(await read(directory))).toEqual(['a.ts']);
  });

  it('follows include and exclude globs', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'src/a.ts': 'a', 'src/gen/b.ts': 'b', 'src/c.md': 'c', 'd.ts': 'd' });
    expect(paths(await read(directory, { include: ['*.ts'], exclude: ['src/gen'] }))).toEqual(['d.ts', 'src/a.ts']);
  });
});

describe('what a corpus leaves out', () => {
  it('counts every reason', async () => {
    const [directory, elsewhere] = [temporaryFolder(), temporaryFolder()];
    git(directory, 'init', '-q');
    writeFiles(elsewhere, { 'outside.ts': 'outside' });
    writeFiles(directory, {
      'a.ts': 'kept',
      'b.ts': 'kept',
      'image.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
      'broken.txt': Buffer.from('größe 文件').subarray(0, -1),
      'large.txt': 'word '.repeat(300),
      'package-lock.json': '{}',
      'code.min.js': 'a',
      'bundle.js': `var a=1;${'f(a,b);'.repeat(150)}`.repeat(3),
      '.env.local': 'KEY=1',
      'config.ts': `export const token = '${githubToken}';\n`,
      'empty.ts': '',
    });
    symlinkSync(join(elsewhere, 'outside.ts'), join(directory, 'link.ts'));
    symlinkSync(elsewhere, join(directory, 'linked-folder'));
    symlinkSync('a.ts', join(directory, 'inner-link.ts'));
    symlinkSync('nothing', join(directory, 'broken-link.ts'));
    const corpus = await read(directory, { maxFileBytes: 1400 });
    expect(paths(corpus)).toEqual(['a.ts']);
    expect(corpus.leftOut).toEqual({
      binary: 2,
      'too large': 2,
      generated: 2,
      duplicate: 2,
      'secret name': 1,
      'secret content': 1,
      outside: 2,
    });
  });

  it.each(['walked', 'listed by git'])('follows no link out of the folder, %s', async (how) => {
    const [directory, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFiles(elsewhere, { 'private.ts': 'private', 'deep/private.ts': 'private too' });
    writeFiles(directory, { 'a.ts': 'a', 'moved/private.ts': 'mine' });
    if (how !== 'walked') {
      git(directory, 'init', '-q');
      git(directory, 'add', '.');
    }
    rmSync(join(directory, 'moved'), { recursive: true });
    symlinkSync(elsewhere, join(directory, 'moved'));
    symlinkSync(join(elsewhere, 'deep'), join(directory, 'deep'));
    const corpus = await read(directory);
    expect(paths(corpus)).toEqual(['a.ts']);
    expect(corpus.leftOut.outside).toBeGreaterThanOrEqual(2);
  });

  it('reads a folder that is reached through a link', async () => {
    const [directory, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFiles(elsewhere, { 'sub/a.ts': 'a' });
    symlinkSync(elsewhere, join(directory, 'link'));
    expect(paths(await read(join(directory, 'link')))).toEqual(['sub/a.ts']);
  });

  it('does not wait for a named pipe', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a' });
    execFileSync('mkfifo', [join(directory, 'pipe.ts')]);
    expect(paths(await read(directory))).toEqual(['a.ts']);
  });

  describe('of more than it may read', () => {
    const day = 86_400_000;
    const candidate = (path: string, bytes: number, ageDays: number): Candidate => ({
      ...{ path, file: path, bytes },
      modifiedMs: 1e12 - ageDays * day,
    });

    it('takes what was changed last, and no large files before others', () => {
      const files = [
        candidate('old.ts', 10_000, 300),
        candidate('recent.ts', 10_000, 0),
        candidate('largeAndRecent.ts', 2_000_000, 0),
        candidate('lastWeek.ts', 10_000, 7),
      ];
      const chosen = (maxBytes: number): string[] =>
        chooseWithin({ candidates: files, leftOut: {} }, maxBytes, silentLogger).map(({ path }) => path);
      expect(chosen(10_000)).toEqual(['recent.ts']);
      expect(chosen(20_000)).toEqual(['lastWeek.ts', 'recent.ts']);
      expect(chosen(2_020_000)).toEqual(['largeAndRecent.ts', 'lastWeek.ts', 'recent.ts']);
      expect(chosen(3_000_000)).toHaveLength(4);
    });

    it('chooses among equals by a hash of the path, says so and counts the rest', () => {
      const candidates = Array.from({ length: 100 }, (_, index) => candidate(`f${index}`, 10, 0));
      const warnings: string[] = [];
      const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
      const findings = { candidates, leftOut: {} };
      const half = chooseWithin(findings, 505, logger);
      expect(half).toHaveLength(50);
      expect(findings.leftOut).toEqual({ 'over the limit of the corpus': 50 });
      expect(warnings).toHaveLength(1);
      const fewer = chooseWithin({ candidates: candidates.slice(0, 90), leftOut: {} }, 505, silentLogger);
      const common = fewer.filter((one) => half.includes(one));
      expect(common.length).toBeGreaterThan(40);
      expect(half.map(({ path }) => path)).toEqual(half.map(({ path }) => path).sort());
    });

    it('reads no more, by the dates of the files', async () => {
      const directory = temporaryFolder();
      writeFiles(directory, { 'a.ts': 'a'.repeat(100), 'b.ts': 'b'.repeat(100), 'c.ts': 'c'.repeat(100) });
      utimesSync(join(directory, 'b.ts'), new Date('2001-01-01'), new Date('2001-01-01'));
      const { documents, leftOut } = await read(directory, { maxCorpusBytes: 250 });
      expect(documents.map(({ path }) => path)).toEqual(['a.ts', 'c.ts']);
      expect(leftOut).toEqual({ 'over the limit of the corpus': 1 });
    });
  });
});

describe('one file of a corpus', () => {
  const files = {
    'a.ts': 'one',
    'sub/b.ts': 'two',
    'empty.ts': '',
    '.env': 'KEY=1',
    'token.ts': `const token = '${githubToken}';\n`,
    'long.js': 'x'.repeat(5_000),
    'excluded.ts': 'three',
  };
  const readOne = (directory: string, path: string, names = ['folder']) =>
    readCorpusFile(
      path,
      names.map((name) => ({ directory, name })),
      { ...defaultCorpus, exclude: ['excluded.ts'], maxFileBytes: 10_000 },
      silentLogger,
    );

  it.each([...Object.keys(files), 'missing.ts', 'sub', '../outside.ts'])(
    'is %s where the whole corpus would hold it',
    async (path) => {
      const directory = temporaryFolder();
      writeFiles(directory, files);
      const corpus = await read(directory, { exclude: ['excluded.ts'], maxFileBytes: 10_000 });
      expect(await readOne(directory, path)).toBe(corpus.documents.find((document) => document.path === path)?.text);
    },
  );

  it('is found behind the prefix of its folder', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, files);
    expect(await readOne(directory, 'second/sub/b.ts', ['first', 'second'])).toBe('two');
    expect(await readOne(directory, 'sub/b.ts', ['first', 'second'])).toBeUndefined();
  });
});

describe('several folders, and errors', () => {
  it('puts the folders’ names before the paths and drops copies across them', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    writeFiles(first, { 'a.ts': 'one', 'c.ts': 'same' });
    writeFiles(second, { 'a.ts': 'two', 'd.ts': 'same' });
    const folders = [
      { directory: second, name: 'z' },
      { directory: first, name: 'b' },
    ];
    const corpus = await readCorpus(folders, defaultCorpus, silentLogger);
    expect(corpus).toEqual({
      documents: [
        { path: 'b/a.ts', text: 'one' },
        { path: 'b/c.ts', text: 'same' },
        { path: 'z/a.ts', text: 'two' },
      ],
      leftOut: { duplicate: 1 },
    });
  });

  it('says in one sentence that a folder cannot be read', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a' });
    for (const path of ['missing', 'a.ts']) {
      await expect(read(join(directory, path))).rejects.toThrow(UserError);
      await expect(read(join(directory, path))).rejects.toThrow(path);
    }
  });

  it('stops when asked to', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, { 'a.ts': 'a' });
    const reason = new Error('stopped');
    const reading = readCorpus([{ directory, name: '' }], defaultCorpus, silentLogger, AbortSignal.abort(reason));
    await expect(reading).rejects.toBe(reason);
  });

  it('counts files whose names are no UTF-8', async () => {
    const directory = temporaryFolder();
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xe9, 0x2e, 0x74, 0x73])]), 'text');
    expect((await read(directory)).leftOut).toEqual({ unreadable: 1 });
  });

  it('names the reasons why all was left out', () => {
    expect(() => requireCharacters(0, 20_000, { binary: 3, 'secret content': 1_200 })).toThrow(
      'There are only 0 characters of text to learn from, fewer than 20,000; files were left out: 3 binary, 1,200 secret content.',
    );
  });

  it('reads files in older encodings, and says which they were', async () => {
    const directory = temporaryFolder();
    writeFiles(directory, {
      'a.py': Buffer.concat([
        Buffer.from('# '),
        Buffer.from([0x8f, 0x64, 0x82, 0xb3, 0x82, 0xf0]),
        Buffer.from(' = 1\n'),
      ]),
    });
    const messages: string[] = [];
    const logger = { ...silentLogger, info: (message: string) => void messages.push(message) };
    const corpus = await readCorpus([{ directory, name: 'folder' }], defaultCorpus, logger);
    expect(corpus.documents).toEqual([{ path: 'a.py', text: '# 重さを = 1\n' }]);
    expect(messages).toEqual(['Read in older encodings than Unicode: a.py (shift_jis).']);
  });

  it('asks for a minimum', () => {
    expect(() => requireCharacters(10, 10)).not.toThrow();
    expect(() => requireCharacters(10, 11)).toThrow(UserError);
  });
});
