import type { WorkspaceFolder } from './document';

/** What stands before the paths of each folder: nothing for one, else its name, numbered where it comes again. */
export function folderPrefixes(folders: readonly WorkspaceFolder[]): string[] {
  if (folders.length === 1) return [''];
  const used = new Set<string>();
  return folders.map(({ name }) => {
    let unique = name;
    for (let number = 2; used.has(unique); number++) unique = `${name} (${number})`;
    used.add(unique);
    return `${unique}/`;
  });
}

/**
 * The path of a file as the corpus has it: relative to its workspace folder (the innermost where folders nest), with `/`,
 * behind the folder's prefix where there are several folders.
 * @param file absolute path
 * @returns undefined for a file outside every folder
 */
export function documentPath(file: string, folders: readonly WorkspaceFolder[]): string | undefined {
  const absolute = withSlashes(file);
  const roots = folders.map(({ directory }) => `${withSlashes(directory).replace(/\/+$/, '')}/`);
  const holding = roots.filter((root) => absolute.startsWith(root)).sort((a, b) => b.length - a.length)[0];
  if (holding === undefined) return undefined;
  return folderPrefixes(folders)[roots.indexOf(holding)]! + absolute.slice(holding.length);
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
