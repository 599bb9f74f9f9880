import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small repository of git, by its name. */
export interface Repository {
  readonly name: string;
  readonly directory: string;
}

/** Makes a repository of each of these folders of the project's sources. */
export async function makeRepositories(sources: string, names: readonly string[], work: string): Promise<Repository[]> {
  return Promise.all(
    names.map(async (name) => {
      const directory = join(work, 'repositories', name);
      await mkdir(directory, { recursive: true });
      await cp(join(sources, name), directory, { recursive: true });
      const git = (...args: string[]) =>
        run('git', ['-C', directory, '-c', 'user.name=demo', '-c', 'user.email=demo@localhost', ...args]);
      await git('init', '--quiet', '--initial-branch=main');
      await git('add', '.');
      await git('commit', '--quiet', '-m', 'All of it');
      return { name, directory };
    }),
  );
}
