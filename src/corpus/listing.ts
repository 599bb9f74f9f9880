import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { opendir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { globby, type Options } from 'globby';
import ignore from 'ignore';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { isInSkippedFolder, skippedFolders } from './pathRules';
import { isRepository, listWithGit } from './git';
import { readIgnoreFile } from './ignoreFile';

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
  if (listing.kind === 'unknown') await tellOfWalk(directory, listing.why, logger);
  // A folder that is ignored as a whole was asked for by name: only the rules inside it count.
  if (listing.kind === 'ignored') return walk(directory, { ignoreFiles: '**/.gitignore' });
  const isExcluded = await excludedByRepository(directory);
  return (await walk(directory, { gitignore: true })).filter((path) => !isExcluded(path));
}

/** Folders whose walking was told about: they are listed again and again. */
const toldOf = new Set<string>();

/** Where there is a repository, files may be read that git would leave out: said once. */
async function tellOfWalk(directory: string, why: string, logger: Logger): Promise<void> {
  if (toldOf.has(directory) || (await repositoryAround(directory)) === undefined) {
    logger.debug(`Walking ${directory}: ${why}`);
    return;
  }
  toldOf.add(directory);
  logger.warn(
    `Git cannot list ${directory} (${why}): its files are found by walking. Ignore files are honoured, but whether an ` +
      'ignored file is tracked is not known.',
  );
}

/** Where a backslash may stand in a name, the ignore rules of the walk take it for the end of a folder, and fail. */
const withBackslash = sep === '/' ? ['**/*\\\\*', '**/*\\\\*/**'] : [];

async function walk(directory: string, rules: Options): Promise<string[]> {
  const entries = await globby('**', {
    ...rules,
    ...{ globalGitignore: true, fs: ignoreFilesOnly },
    cwd: directory,
    dot: true,
    // Links are listed, as git does; folders are not.
    onlyFiles: false,
    objectMode: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: [...[...skippedFolders].map((folder) => `**/${folder}/**`), ...withBackslash],
  });
  const files = entries.filter((entry) => !entry.dirent.isDirectory());
  return files.map((entry) => entry.path).filter((path) => !isInSkippedFolder(path));
}

/** Reads the ignore files of the walk. */
const ignoreFilesOnly = {
  ...fs,
  promises: { ...fs.promises, readFile: (file: string) => readIgnoreFile(file) },
} as NonNullable<Options['fs']>;

/** What `info/exclude` of the repository around a folder says of paths in it. */
async function excludedByRepository(directory: string): Promise<(path: string) => boolean> {
  const root = await repositoryAround(directory);
  if (root === undefined) return () => false;
  const file = join(await gitFolder(root), 'info', 'exclude');
  const rules = ignore().add(await readIgnoreFile(file));
  const prefix = relative(root, directory).split(sep).join('/');
  return (path) => rules.ignores(prefix === '' ? path : `${prefix}/${path}`);
}

/** Where git keeps what all work trees of a repository share: a work tree beside it, and a submodule, name theirs in `.git`. */
async function gitFolder(root: string): Promise<string> {
  const [, named] = /^gitdir: (.+)/.exec(await readIgnoreFile(join(root, '.git'))) ?? [];
  if (named === undefined) return join(root, '.git');
  const own = resolve(root, named);
  return resolve(own, (await readIgnoreFile(join(own, 'commondir'))).trim());
}

/** The nearest folder at or above one that is the top of a repository. */
async function repositoryAround(directory: string): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (await isRepository(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

async function requireReadable(directory: string): Promise<void> {
  try {
    await (await opendir(directory)).close();
  } catch (error) {
    throw new UserError(
      l10n.t`The folder ${directory} cannot be read (${describeError(error)}).`,
      l10n.t('Name a folder that exists and that you may read.'),
    );
  }
}
