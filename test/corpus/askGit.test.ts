import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askGit } from '../../src/corpus/askGit';
import { endsWithParent } from '../../src/corpus/endsWithParent';
import { bundleEntry } from '../ipc/bundle';
import { git, temporaryFolder, writeFiles } from './temporaryFolder';

/** A repository that holds git for ever: it reads ignore files, and nobody writes to this one. */
function hangingRepository(): string {
  const directory = temporaryFolder();
  git(directory, 'init', '-q');
  writeFiles(directory, { 'a.ts': 'a' });
  execFileSync('mkfifo', [join(directory, '.gitignore')]);
  return directory;
}

const listing = ['ls-files', '-coz', '--exclude-standard'];

/** Process numbers of the git that works in a folder, by Linux's own list. */
function gitsIn(directory: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      return command[0]?.endsWith('git') === true && command.includes(directory);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => void setTimeout(resolve, 10));
}

it.skipIf(process.platform === 'win32')('gives git a limited time, and says so', async () => {
  const answer = await askGit(hangingRepository(), listing, { timeoutMs: 50 });
  expect(answer).toEqual({ ok: false, why: 'git took longer than 0.05 s' });
});

it.skipIf(process.platform !== 'linux')('leaves no git behind when it is killed itself', async ({ skip }) => {
  const [program] = await endsWithParent(['git']);
  if (program === 'git') skip('setpriv of util-linux is not there');
  const directory = hangingRepository();
  const entry = await bundleEntry(join(import.meta.dirname, 'fixtures/gitAsker.ts'), temporaryFolder());
  const asker = spawn(process.execPath, [entry, directory], { stdio: 'ignore' });
  await until(() => gitsIn(directory).length === 1);
  asker.kill('SIGKILL');
  await once(asker, 'exit');
  await until(() => gitsIn(directory).length === 0);
});
