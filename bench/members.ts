/**
 * What it is worth to know which members there are, and what it costs: `npm run bench -- members [--model DIR] [--places 300]`.
 * In a real VS Code with TypeScript's language server and a copy of this repository's sources, the rest of a line behind a dot is
 * removed, the dot and, after a pause, the first letter of the name are typed, with `recur.completions.members` and without. By
 * default the model is the one that comes with Recur. docs/experiments.md has what came of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundles } from './completion/bundles';
import { copyOwnSources } from './completion/ownSources';
import type { MembersTask } from './members/editorSuite';

const { values: options } = parseArgs({
  options: { model: { type: 'string' }, places: { type: 'string', default: '300' } },
});

buildBundles();
const scratch = mkdtempSync(join(tmpdir(), 'recur-members-'));
try {
  const workspace = join(scratch, 'workspace');
  const { folder, paths } = copyOwnSources(workspace);
  const task: MembersTask = { folder, files: paths, places: Number(options.places) };
  // Where no model was trained the one that comes with Recur completes.
  const model = options.model === undefined ? join(scratch, 'untrained') : resolve(options.model);
  const args = ['bench/completion/editor.mjs', model, workspace, JSON.stringify(task), 'bench/members/editorSuite.ts'];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
