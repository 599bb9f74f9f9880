import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit } from './askGit';

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
  const listing = await askGit(directory, ['ls-files', '-coz', '--exclude-standard'], { signal });
  if (!listing.ok) return { kind: 'unknown', why: listing.why };
  // A path stands several times while a merge has conflicts.
  const paths = [
    ...new Set(
      listing.output
        .toString('utf8')
        .split('\0')
        .filter((path) => path !== ''),
    ),
  ];
  if (paths.length > 0) return { kind: 'files', paths };
  const ignored = await askGit(directory, ['check-ignore', '-q', '--', directory], { signal });
  return ignored.ok ? { kind: 'ignored' } : { kind: 'files', paths };
}

/** Whether a repository brings files of this folder. @param directory absolute */
export async function isTracked(directory: string): Promise<boolean> {
  const listing = await askGit(directory, ['ls-files', '-z', '--', '.']);
  return listing.ok && listing.output.length > 0;
}

/** Whether the folder is the top of a repository or submodule of its own. */
export async function isRepository(directory: string): Promise<boolean> {
  return lstat(join(directory, '.git')).then(
    () => true,
    () => false,
  );
}
