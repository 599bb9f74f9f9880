import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { WorkspaceFolder } from '../text/document';
import { folderPrefixes } from '../text/documentPath';

/** Documents of other schemes are no texts that somebody writes: diffs against git, output, source control, settings. */
export const editedSchemes: ReadonlySet<string> = new Set(['file', 'untitled', 'vscode-notebook-cell']);

/** Whether completions are offered in documents of a scheme at all. */
export function isEditedScheme(scheme: string): boolean {
  return editedSchemes.has(scheme);
}

/** Where a file lies within the folders of the workspace. */
export interface PathInWorkspace {
  /** The innermost folder that holds it; undefined for a file outside the workspace. */
  readonly folder: WorkspaceFolder | undefined;
  /** Relative to that folder, with `/`; the name of a file outside. */
  readonly relative: string;
  /** As the corpus has it: behind the folder's prefix where there are several folders. */
  readonly inCorpus: string;
}

/** @param file absolute path; of an untitled document its title */
export function pathInWorkspace(file: string, folders: readonly WorkspaceFolder[]): PathInWorkspace {
  const holding = folders
    .filter(({ directory }) => isWithin(relative(directory, file)))
    .sort((a, b) => b.directory.length - a.directory.length);
  const folder = holding[0];
  if (!isAbsolute(file) || folder === undefined) {
    const name = basename(file);
    return { folder: undefined, relative: name, inCorpus: name };
  }
  const path = relative(folder.directory, file).split(sep).join('/');
  return { folder, relative: path, inCorpus: folderPrefixes(folders)[folders.indexOf(folder)]! + path };
}

/** The file of a path of the corpus, absolute; undefined where it lies in no folder of the workspace. */
export function fileOfPath(inCorpus: string, folders: readonly WorkspaceFolder[]): string | undefined {
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    if (!inCorpus.startsWith(prefix)) continue;
    const { directory } = folders[index]!;
    const file = resolve(directory, inCorpus.slice(prefix.length));
    if (isWithin(relative(directory, file))) return file;
  }
  return undefined;
}

function isWithin(path: string): boolean {
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
