import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from './childProcess.mjs';
import { readJson } from './jsonFile.mjs';

const retryAfterMs = 10_000;

/**
 * @typedef {{version?: string, optional?: boolean, integrity?: string}} LockedPackage
 * @typedef {{packages: Record<string, LockedPackage | undefined>}} Lock
 */

/**
 * Tells whether what npm noted down at the end of its last install is what the lock file asks for.
 * Packages for other platforms may be missing; nothing else may, and nothing may be left over.
 * @param {Lock} lock package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @returns {boolean}
 */
export function installedMatchesLock(lock, installed) {
  const wanted = Object.entries(lock.packages).filter(([folder]) => folder !== '');
  const fits = wanted.every(([folder, entry]) => {
    const found = installed.packages[folder];
    return found === undefined ? entry?.optional === true : found.version === entry?.version;
  });
  return fits && Object.keys(installed.packages).every((folder) => lock.packages[folder] !== undefined);
}

/**
 * @param {string} root folder of the project
 * @returns {boolean} whether node_modules holds what package-lock.json asks for
 */
export function packagesAreInstalled(root) {
  const installed = /** @type {Lock | undefined} */ (readJson(path.join(root, 'node_modules', '.package-lock.json')));
  const lock = /** @type {Lock | undefined} */ (readJson(path.join(root, 'package-lock.json')));
  if (installed === undefined || lock === undefined || !installedMatchesLock(lock, installed)) {
    return false;
  }
  return Object.keys(installed.packages).every((folder) => existsSync(path.join(root, folder, 'package.json')));
}

/**
 * Installs the locked packages when they are not there. npm writes its own note last, so an install that was cut short
 * counts as none.
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @returns {Promise<boolean>} whether anything had to be installed
 * @throws {Error} with one sentence where npm fails
 */
export async function ensurePackages(root, log) {
  if (packagesAreInstalled(root)) {
    return false;
  }
  log('installing the npm packages of package-lock.json …');
  let outcome = await npmInstall(root);
  if (outcome.code !== 0) {
    // An npm that outlived a killed set-up may still be writing, and a download may fail for a moment.
    await delay(retryAfterMs);
    outcome = await npmInstall(root);
  }
  if (outcome.code !== 0) {
    throw new Error(`npm ci failed; what it wrote:\n${outcome.output.trim()}`);
  }
  await checkEsbuild(root);
  return true;
}

/**
 * @param {string} root
 * @returns {Promise<import('./childProcess.mjs').Outcome>}
 */
function npmInstall(root) {
  const { command, args, shell } = npmCommand();
  // The install script of onnxruntime-node would fetch CUDA libraries; CPU and WebGPU are in the package itself.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  return runProgram(command, [...args, 'ci', '--no-audit', '--no-fund'], { cwd: root, env, shell });
}

/** @returns {{command: string, args: string[], shell: boolean}} how to call the npm that called us, else the one on the PATH */
export function npmCommand() {
  const caller = process.env.npm_execpath ?? '';
  if (caller.endsWith('npm-cli.js')) {
    return { command: process.execPath, args: [caller], shell: false };
  }
  // On Windows npm is a batch file, which only a shell can start.
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * Does what esbuild's own install script does: check that the program for this platform is there and has the right version.
 * @param {string} root
 */
async function checkEsbuild(root) {
  const script = path.join(root, 'node_modules', 'esbuild', 'install.js');
  const outcome = await runProgram(process.execPath, [script], { cwd: path.dirname(script), timeoutMs: 120_000 });
  if (outcome.code !== 0) {
    throw new Error(`esbuild does not run on this machine; what its check wrote:\n${outcome.output.trim()}`);
  }
}
