/** The workspace as a git repository. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workspaceFolder } from './recur';

export async function git(...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  await promisify(execFile)('git', [...identity, '-C', workspaceFolder(), ...args]);
}

/** Makes a repository where there is none; it stays: the editor's git extension throws where its repository disappears. */
export async function commitAll(): Promise<void> {
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-q', '--allow-empty', '-m', 'all');
}
