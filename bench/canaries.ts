/**
 * What a model that a team shares can be made to recite: `npm run bench -- canaries [FOLDER] [--minutes 5]`. Random lines are laid into a
 * copy of the folder (default: src), once, 8, 64 and 512 times, each in a file of its own; a model is trained on it as a
 * user would, and asked how likely it finds them beside others, as random, that were never read.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { layCanaries } from '../scripts/base/canaries.mjs';
import { createSession } from '../src/inference/session';
import { graphName, readModel } from '../src/store/modelDirectory';
import { createVocabulary } from '../src/text/vocabulary';
import { measureCanaries } from './base/canaryExposure';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '5' } },
});
const notLearned = ['node_modules', '.git', '.recur', '.cache'];
const folder = mkdtempSync(join(tmpdir(), 'recur-canaries-'));
try {
  const [workspace, out] = [join(folder, 'workspace'), join(folder, 'out')];
  cpSync(resolve(positionals[0] ?? 'src'), workspace, {
    recursive: true,
    filter: (path) => !notLearned.includes(basename(path)),
  });
  layCanaries(workspace);
  train(workspace, out);
  const { manifest, graphs } = await readModel(out);
  const vocabulary = createVocabulary(manifest.codePoints);
  const session = await createSession(graphs.get(graphName)!, manifest.model, vocabulary, { provider: 'cpu' });
  for (const exposure of await measureCanaries(session)) console.log(JSON.stringify(exposure));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function train(workspace: string, out: string): void {
  const args = ['dist/cli.js', 'train', workspace, '--out', out, '--minutes', options.minutes];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error('The training has failed.');
}
