/**
 * What completions and the editor's own list of suggestions save together, with TypeScript's language server behind the list:
 * `npm run bench -- list [--model DIR] [--lines 60]`. In a real VS Code that has a copy of this repository's sources open, lines of
 * every tenth file are typed character by character, and both are asked at each; the memory holds the other files. By default the model
 * is the one that comes with Recur. docs/usefulness.md has what came of it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundles } from './completion/bundles';
import { copyOwnSources } from './completion/ownSources';
import type { ListTask } from './list/editorSuite';

const { values: options } = parseArgs({
  options: { model: { type: 'string', default: 'media/base' }, lines: { type: 'string', default: '60' } },
});

buildBundles();
const scratch = mkdtempSync(join(tmpdir(), 'recur-list-'));
try {
  const [workspace, training] = [join(scratch, 'workspace'), join(scratch, 'training')];
  const { folder, paths } = copyOwnSources(workspace);
  const isHeldOut = (index: number): boolean => index % 10 === 5;
  for (const [index, path] of paths.entries()) {
    if (!isHeldOut(index)) cpSync(join(folder, path), join(training, path), { recursive: true });
  }
  const model = resolve(options.model);
  const files = paths.filter((_, index) => isHeldOut(index));
  const task: ListTask = { model, training, folder, files, lines: Number(options.lines) };
  const args = ['bench/completion/editor.mjs', model, workspace, JSON.stringify(task), 'bench/list/editorSuite.ts'];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
