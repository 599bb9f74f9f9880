import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { readChanges, type ReviewedState } from '../../src/corpus/changes';

let directory: string;
const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', directory, ...identity, ...args], { stdio: 'pipe' });
};
const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-changes-'));
  git('init', '--quiet');
  await write('staged.js', 'one;\ntwo;\nthree;\n');
  await write('same.js', 'same;\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  await write('staged.js', 'one;\nfirst;\nthree;\n');
  await write('new.js', 'added;\n');
  await write('keys.js', `const token = 'ghp_${'aB3dE6gH9'.repeat(4)}';\n`);
  git('add', '.');
  await write('staged.js', 'one;\nfirst;\nsecond;\n');
  await write('untracked.js', 'later;\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it.each<[ReviewedState, Record<string, [string, number[]]>]>([
  ['index', { 'new.js': ['added;\n', [0]], 'staged.js': ['one;\nfirst;\nthree;\n', [1]] }],
  [
    'working tree',
    {
      'new.js': ['added;\n', [0]],
      'staged.js': ['one;\nfirst;\nsecond;\n', [1, 2]],
      'untracked.js': ['later;\n', [0]],
    },
  ],
])('names the lines of the %s that the last commit does not have, and no file with keys', async (state, expected) => {
  const changes = await readChanges(directory, undefined, defaultCorpus, silentLogger, state);
  expect(Object.fromEntries(changes.map(({ path, text, lines }) => [path, [text, lines]]))).toEqual(expected);
});

it.skipIf(process.platform === 'win32')('reads nothing through a link, which may lead to what never ends', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'recur-outside-'));
  const pipe = join(outside, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await symlink(pipe, join(directory, 'linked.js'));
  onTestFinished(async () => {
    // Whoever waits for the pipe is let go.
    await (await open(pipe, constants.O_RDWR | constants.O_NONBLOCK)).close();
    await Promise.all([outside, join(directory, 'linked.js')].map((path) => rm(path, { recursive: true })));
  });
  const changes = await readChanges(directory, undefined, defaultCorpus, silentLogger);
  expect(changes.map(({ path }) => path)).toEqual(['new.js', 'staged.js', 'untracked.js']);
});
