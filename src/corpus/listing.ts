import { opendir } from 'node:fs/promises';
import { globby, type Options } from 'globby';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { isInSkippedFolder, skippedFolders } from '../core/pathRules';
import { listWithGit } from './git';

/**
 * The files of a folder as git sees them (tracked and untracked, not ignored); where git is missing, refuses, or the
 * folder is no part of a repository, by walking with `.gitignore` honoured. Symbolic links are named, not followed.
 * Folders such as `node_modules` and `.git` are passed over either way.
 * @param directory absolute
 * @returns paths relative to the folder, with `/`, in no order; some may be gone, or be folders (submodules)
 * @throws UserError where the folder cannot be read
 */
export async function listPaths(directory: string, logger: Logger, signal?: AbortSignal): Promise<string[]> {
  await requireReadable(directory);
  const listing = await listWithGit(directory, signal);
  signal?.throwIfAborted();
  if (listing.kind === 'files') return listing.paths.filter((path) => !isInSkippedFolder(path));
  if (listing.kind === 'unknown') logger.debug(`Walking ${directory}: ${listing.why}`);
  // A folder that is ignored as a whole was asked for by name: only the rules inside it count.
  return walk(directory, listing.kind === 'ignored' ? { ignoreFiles: '**/.gitignore' } : { gitignore: true });
}

async function walk(directory: string, rules: Options): Promise<string[]> {
  const entries = await globby('**', {
    ...rules,
    cwd: directory,
    dot: true,
    // Links are listed, as git does; folders are not.
    onlyFiles: false,
    objectMode: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: [...skippedFolders].map((folder) => `**/${folder}/**`),
  });
  const files = entries.filter((entry) => !entry.dirent.isDirectory());
  return files.map((entry) => entry.path).filter((path) => !isInSkippedFolder(path));
}

async function requireReadable(directory: string): Promise<void> {
  try {
    await (await opendir(directory)).close();
  } catch (error) {
    throw new UserError(
      `The folder ${directory} cannot be read (${describeError(error)}).`,
      'Name a folder that exists and that you may read.',
    );
  }
}
