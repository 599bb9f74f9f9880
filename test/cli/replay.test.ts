import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli } from './runCli';

let directory: string;
let temporary: string;
let repository: string;

const git = (...commands: string[]): string => {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-C', repository, ...identity, ...commands], { encoding: 'utf8', env, stdio: 'pipe' });
};

function commit(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'change');
}

const names = 'apple birch cedar dahlia elder fern grape hazel iris jasmine'.split(' ');
const lineOf = (name: string): string => `  const ${name} = await ${name}From(question, answers);\n`;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'recur-replayed-'));
  [temporary, repository] = [join(directory, 'temporary'), join(directory, 'repository')];
  for (const folder of [temporary, repository]) mkdirSync(folder);
  git('init', '-q');
  commit({ 'src/first.ts': names.map(lineOf).join('') });
  commit({ 'src/second.ts': names.slice(0, 3).map(lineOf).join(''), 'notes.md': 'Nothing here is known before.\n' });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const replay = (...args: string[]) => startCli(['replay', ...args, '--json'], { TMPDIR: temporary }).result;

describe('recur replay', () => {
  it('tells what completions would have saved in the lines that commits have added', async () => {
    const { code, stderr, lines } = await replay(repository, '--without-training');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ type: 'history', commits: 1, written: 4, typed: 4, moved: 0 });
    const groups = lines.filter(({ type }) => type === 'group') as { of: string; name: string; lines: number }[];
    expect(groups.map(({ of, name, lines: count }) => [of, name, count])).toEqual([
      ['all', '', 4],
      ['language', 'typescript', 3],
      ['language', 'markdown', 1],
      ['file', 'src/second.ts', 3],
      ['file', 'notes.md', 1],
    ]);
    expect(groups[1]).toMatchObject({ keystrokesSaved: { line: expect.any(Number) as number } });
    const { keystrokesSaved } = groups[1] as unknown as { keystrokesSaved: { line: number } };
    expect(keystrokesSaved.line).toBeGreaterThan(0.3);
    expect(lines.filter(({ type }) => type === 'threshold')).toHaveLength(20);
    expect(lines.at(-1)).toMatchObject({ type: 'replay', threshold: 0.5, lines: 4 });
  });

  it('trains on what there was before the commits, and leaves nothing behind', async () => {
    const sentences = Array.from({ length: 900 }, (_, index) => `export const value${index} = make(${index * 7});\n`);
    repository = join(directory, 'larger');
    mkdirSync(repository);
    git('init', '-q');
    for (let part = 0; part < 9; part++)
      commit({ [`part${part}.ts`]: sentences.slice(100 * part, 100 * part + 100).join('') });
    commit({ 'new.ts': 'export const value900 = make(6300);\n' });
    const { code, lines } = await replay(repository, '--steps', '2', '--commits', '1');
    expect(code).toBe(0);
    expect(lines.find(({ type }) => type === 'corpus')).toMatchObject({ files: 9 });
    expect(lines.at(-1)).toMatchObject({ type: 'replay', lines: 1 });
    expect(readdirSync(temporary).filter((name) => name.startsWith('recur-'))).toEqual([]);
    expect(git('status', '--porcelain')).toBe('');
  }, 300_000);

  it.each([
    [['--without-training', '--model', 'x'], 2, '--without-training'],
    [['--commits', '0'], 2, '--commits'],
    [['--minimum-confidence', '2'], 2, '--minimum-confidence'],
  ])('with %j is refused in a sentence', async (args, expected, word) => {
    const { code, stderr } = await replay(directory, ...args);
    expect(code).toBe(expected);
    expect(stderr).toContain(word);
  });

  it('tells in a sentence that a folder has no history', async () => {
    const { code, stderr } = await replay(temporary, '--without-training');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^recur: Git cannot tell the history of /);
  });
});
