// npm start [-- FOLDER]: sets up, builds, and shows the main job on a folder (default: this repository).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nodeVersionProblem } from './setup/nodeVersion.mjs';

/** @returns {Promise<number>} exit status */
async function start() {
  // Loaded only now: an old Node could not even read the rest.
  const { prepare, projectRoot } = await import('./setup/prepare.mjs');
  await prepare();
  const { buildAll } = await import('./build.mjs');
  await buildAll({ log: (line) => console.log(`build: ${line}`) });
  // npm runs scripts in the folder of the package; a path is meant from where the user stands.
  const base = process.env.INIT_CWD ?? process.cwd();
  const args = process.argv
    .slice(2)
    .map((arg) => (existsSync(path.resolve(base, arg)) ? path.resolve(base, arg) : arg));
  const cli = path.join(projectRoot, 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, 'start', ...args], { cwd: projectRoot, stdio: 'inherit' });
  // Whoever asks this process to end means the child, which keeps its best model first. Ctrl-C reaches it anyway.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 128)));
}

const problem = nodeVersionProblem(process.version);
if (problem === undefined) {
  process.exitCode = await start().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  });
} else {
  console.error(problem);
  process.exitCode = 1;
}
