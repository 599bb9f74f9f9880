import { findProgram, lastLine, runProgram } from './childProcess.mjs';

/**
 * @typedef {object} SystemPackage
 * @property {string} name of the Debian package
 * @property {string} purpose what it is for, to end "… is needed for"
 * @property {() => boolean} present
 */

/** @type {SystemPackage} */
export const compiler = {
  name: 'g++',
  purpose: 'building native modules',
  present: () => findProgram(['c++', 'g++', 'clang++']) !== undefined,
};

/** @type {SystemPackage} */
export const git = {
  name: 'git',
  purpose: 'listing the files of a workspace',
  present: () => findProgram(['git']) !== undefined,
};

/** @returns {boolean} whether packages can be installed here without asking anybody */
export function canInstallSystemPackages() {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined;
}

/**
 * Installs what is missing where this runs as root on Debian or one of its descendants.
 * @param {readonly SystemPackage[]} packages
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>} one sentence that names what is still missing and how to get it
 */
export async function installSystemPackages(packages, log) {
  const missing = packages.filter((entry) => !entry.present());
  if (missing.length === 0) {
    return undefined;
  }
  const names = missing.map((entry) => entry.name).join(' ');
  if (!canInstallSystemPackages()) {
    const reasons = missing.map((entry) => `${entry.name} (for ${entry.purpose})`).join(', ');
    return `Missing on this machine: ${reasons}; on Debian or Ubuntu get them with "sudo apt-get install ${names}", elsewhere under the same names from the system's own packages.`;
  }
  log(`installing system packages: ${names} …`);
  return await aptInstall(missing.map((entry) => entry.name));
}

/**
 * @param {string[]} names
 * @returns {Promise<string | undefined>} a sentence where it failed
 */
async function aptInstall(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runProgram('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env });
  let outcome = await install();
  if (outcome.code !== 0) {
    // The lists of a fresh container are empty, and old ones name packages that are gone.
    await runProgram('apt-get', ['update'], { env });
    outcome = await install();
  }
  return outcome.code === 0
    ? undefined
    : `apt-get could not install ${names.join(' ')} (${lastLine(outcome.output)}): install them by hand and try again.`;
}
