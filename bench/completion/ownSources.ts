import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globbySync } from 'globby';

/** A copy of this repository's sources that a language server can read: in a browser the editor saves what it types by itself. */
export function copyOwnSources(workspace: string): { readonly folder: string; readonly paths: readonly string[] } {
  for (const name of ['src', 'package.json', 'tsconfig.json']) cpSync(name, join(workspace, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(workspace, 'node_modules'), 'dir');
  const folder = join(workspace, 'src');
  return { folder, paths: globbySync('**/*.ts', { cwd: folder, ignore: ['**/generated/**'] }).sort() };
}
