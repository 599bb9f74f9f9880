// npm test: types, build, and the tests that need no server. Beside them, npm test -- losses: two jobs, of which one loses its worker and
// one its link. npm test -- cluster: all tests with servers and workers.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const [which = ''] = process.argv.slice(2);
/** Of one test, and of the file it stands in: none takes a tenth of it, and none shall hang for ever. */
const timeoutMs = which === 'cluster' ? 14_400_000 : 900_000;

/** @param {readonly string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string} name */
function isChosen(name) {
  const isCluster = name.startsWith('cluster');
  return which === 'losses' ? !isCluster || name.startsWith('clusterLosses') : isCluster === (which === 'cluster');
}

run('node_modules/typescript/bin/tsc', '-p', '.');
run('scripts/build.mjs');
const all = readdirSync(path.join(root, 'dist')).filter((name) => name.endsWith('.test.mjs'));
const files = all.filter(isChosen).map((name) => path.join('dist', name));
// One after the other: they share machine and network.
run('--test', '--test-concurrency=1', `--test-timeout=${timeoutMs}`, '--test-reporter=spec', ...files);
