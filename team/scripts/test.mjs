// npm test: types, build, and the tests that need no server. npm test -- cluster: those with servers and workers.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
/** Of one test: none takes a tenth of it, and none shall hang for ever. */
const timeoutMs = 900_000;
const cluster = process.argv.includes('cluster');

/** @param {readonly string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('node_modules/typescript/bin/tsc', '-p', '.');
run('scripts/build.mjs');
const all = readdirSync(path.join(root, 'dist')).filter((name) => name.endsWith('.test.mjs'));
const chosen = all.filter((name) => name.startsWith('cluster') === cluster);
run('--test', `--test-timeout=${timeoutMs}`, '--test-reporter=spec', ...chosen.map((name) => path.join('dist', name)));
