import { execFile } from 'node:child_process';
import { dirname, join, relative, sep } from 'node:path';
import ignore from 'ignore';
import { gitArguments, gitEnvironment } from '../corpus/gitCommand';
import { createPathFilter } from '../corpus/globs';
import { readIgnoreFile } from '../corpus/ignoreFile';
import { leftOutByPath } from '../corpus/pathRules';
import type { PathInWorkspace } from './editorDocumentPath';

/** Which files' texts never leave the extension host. */
export interface FileRules {
  /** Whether name, exclude globs or ignore rules leave a file out. Asks git once for each file. */
  leftOut(file: string, place: PathInWorkspace): Promise<boolean>;
  /** Forgets every answer: ignore rules or settings have changed. */
  forget(): void;
}

/** @param excludeGlobs relative to the workspace folders; read again after {@link FileRules.forget} */
export function createFileRules(excludeGlobs: () => readonly string[]): FileRules {
  const ignored = new Map<string, Promise<boolean>>();
  let included: ((path: string) => boolean) | undefined;
  return {
    async leftOut(file, place) {
      // Outside the workspace every folder on the way counts: `~/.ssh/config` is no name to complete in.
      const path = place.folder === undefined ? file.split(sep).join('/') : place.relative;
      if (leftOutByPath(path) !== null) return true;
      included ??= createPathFilter({ include: [], exclude: excludeGlobs() });
      if (place.folder !== undefined && !included(place.relative)) return true;
      const answer = ignored.get(file) ?? isIgnored(file, place.folder?.directory ?? dirname(file));
      ignored.set(file, answer);
      return answer;
    },
    forget() {
      ignored.clear();
      included = undefined;
    },
  };
}

/** As git sees it; by the `.gitignore` files from the folder down where git cannot say. */
async function isIgnored(file: string, folder: string): Promise<boolean> {
  return (await isIgnoredByGit(file)) ?? isIgnoredByFiles(file, folder);
}

const gitTimeoutMs = 10_000;

/** undefined: there is no git, or the file lies in no repository. */
function isIgnoredByGit(file: string): Promise<boolean | undefined> {
  const args = gitArguments(dirname(file), ['check-ignore', '--quiet', '--', file]);
  // Windows looks for programs in the current folder first: not in one that could bring its own git.exe.
  const cwd = dirname(process.execPath);
  const env = gitEnvironment(process.env);
  return new Promise((resolve) => {
    execFile('git', args, { cwd, env, timeout: gitTimeoutMs, windowsHide: true }, (error) => {
      if (error === null) resolve(true);
      else resolve(error.code === 1 ? false : undefined);
    });
  });
}

async function isIgnoredByFiles(file: string, folder: string): Promise<boolean> {
  let ignoredSoFar = false;
  for (const directory of directoriesDown(folder, dirname(file))) {
    const rules = await readIgnoreFile(join(directory, '.gitignore'));
    const verdict = ignore().add(rules).test(relative(directory, file).split(sep).join('/'));
    if (verdict.ignored) ignoredSoFar = true;
    if (verdict.unignored) ignoredSoFar = false;
  }
  return ignoredSoFar;
}

/** Every directory from `top` down to `bottom`, both included. */
function directoriesDown(top: string, bottom: string): string[] {
  const parts = relative(top, bottom)
    .split(sep)
    .filter((part) => part !== '');
  return [top, ...parts.map((_, index) => join(top, ...parts.slice(0, index + 1)))];
}
