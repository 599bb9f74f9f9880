import { execFile } from 'node:child_process';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitArguments, gitEnvironment } from '../core/gitCommand';

/** What git says of a folder: its files relative to it, that it ignores the folder itself, or why it can't say. */
export type GitListing =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Tracked and untracked files below a folder that are not ignored. An entry may be a folder: a submodule, or (with a
 * final `/`) a repository inside the repository. Tracked files that have been deleted are named too.
 * @param directory absolute
 */
export async function listWithGit(directory: string, signal?: AbortSignal): Promise<GitListing> {
  const listing = await git(directory, ['ls-files', '-coz', '--exclude-standard'], signal);
  if (!listing.ok) return { kind: 'unknown', why: listing.why };
  // A path stands several times while a merge has conflicts.
  const paths = [...new Set(listing.output.split('\0').filter((path) => path !== ''))];
  if (paths.length > 0) return { kind: 'files', paths };
  const ignored = await git(directory, ['check-ignore', '-q', '--', directory], signal);
  return ignored.ok ? { kind: 'ignored' } : { kind: 'files', paths };
}

/** Whether the folder is the top of a repository or submodule of its own. */
export async function isRepository(directory: string): Promise<boolean> {
  return lstat(join(directory, '.git')).then(
    () => true,
    () => false,
  );
}

const maxListingBytes = 512 * 1024 * 1024;

type GitAnswer = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly why: string };

function git(directory: string, commands: readonly string[], signal?: AbortSignal): Promise<GitAnswer> {
  const options = {
    // Windows looks for programs in the current folder first: not in one that could bring its own git.exe.
    cwd: dirname(process.execPath),
    env: gitEnvironment(process.env),
    maxBuffer: maxListingBytes,
    encoding: 'utf8',
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  } as const;
  return new Promise((resolve, reject) => {
    execFile('git', gitArguments(directory, commands), options, (error, stdout, stderr) => {
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (error === null) resolve({ ok: true, output: stdout });
      else resolve({ ok: false, why: firstLine(stderr) ?? error.message });
    });
  });
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}
