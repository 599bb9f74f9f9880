/** What the server host needs beyond npm. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../setup/childProcess.mjs';
import { installSystemPackages } from '../setup/systemPackages.mjs';

/** @typedef {import('../setup/systemPackages.mjs').SystemPackage} SystemPackage */

const chromiumPrograms = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const chromiumFiles = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The Chromium to show the editor in: `RECUR_CHROMIUM`, or the first known browser; undefined where there is none. */
export function findChromium() {
  const chosen = process.env.RECUR_CHROMIUM;
  if (chosen !== undefined) return existsSync(chosen) ? chosen : undefined;
  return findProgram(chromiumPrograms) ?? chromiumFiles.find((file) => existsSync(file));
}

/** @param {string} folder of /usr/share/fonts */
function hasFonts(folder) {
  const full = path.join('/usr/share/fonts', folder);
  return existsSync(full) && readdirSync(full).length > 0;
}

/** @type {SystemPackage[]} What showing the editor needs. */
export const browserRequirements = [
  {
    name: 'chromium',
    purpose: 'showing the editor; RECUR_CHROMIUM may name another browser of its kind',
    present: () => findChromium() !== undefined,
  },
  {
    // Without any font Chromium draws no letter: the tests would pass and the screenshots be empty.
    name: 'fonts-dejavu-core',
    purpose: 'readable screenshots, any other font will do',
    present: () => process.platform !== 'linux' || ['truetype', 'opentype', 'TTF', 'noto'].some(hasFonts),
  },
];

/** @type {SystemPackage[]} What installing the editor's server needs: some of its modules are compiled then. */
export const compilerRequirements = [
  ...[
    { name: 'g++', programs: ['g++', 'c++', 'clang++'] },
    { name: 'make', programs: ['make'] },
    { name: 'python3', programs: ['python3'] },
  ].map(({ name, programs }) => ({
    name,
    purpose: "compiling the editor's modules",
    present: () => findProgram(programs) !== undefined,
  })),
  {
    name: 'libkrb5-dev',
    purpose: "compiling the editor's Kerberos module",
    present: () =>
      process.platform !== 'linux' ||
      existsSync('/usr/include/gssapi/gssapi.h') ||
      findProgram(['krb5-config']) !== undefined,
  },
];

/**
 * Makes sure that everything in `requirements` is there. As root on Debian what is missing is installed.
 * @param {SystemPackage[]} requirements
 * @throws {Error} one sentence that names what is missing and how to get it
 */
export async function ensureRequirements(requirements) {
  const problem = await installSystemPackages(requirements, (line) => console.log(`host: ${line}`));
  if (problem !== undefined) throw new Error(problem);
}
