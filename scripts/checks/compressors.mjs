import { findProgram } from '../setup/childProcess.mjs';

/**
 * The general compressors that bench/quality compares with: by Debian package, with the names that the program goes by.
 * @type {Readonly<Record<'xz-utils' | '7zip' | 'zpaq', readonly string[]>>}
 */
export const compressorPrograms = { 'xz-utils': ['xz'], '7zip': ['7zz', '7z', '7za'], zpaq: ['zpaq'] };

/** @type {import('../setup/systemPackages.mjs').SystemPackage[]} */
export const compressors = Object.entries(compressorPrograms).map(([name, programs]) => ({
  name,
  purpose: 'comparing the model with general compressors',
  present: () => findProgram(programs) !== undefined,
}));
