import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makePython } from '../setup/python.mjs';

/** LIEF reads headers of native files; deflate is libdeflate. */
const packages = ['lief==1.0.0', 'deflate==0.9.0'];

/**
 * The Python that packages are inspected and compressed with, in a virtual environment of its own.
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @returns {Promise<string>}
 * @throws {Error} with one sentence where it cannot be had
 */
export async function packagingPython(root, log) {
  const environment = path.join(root, '.cache', 'packaging');
  const note = path.join(environment, 'python-path');
  const known = existsSync(note) ? readFileSync(note, 'utf8') : '';
  if (existsSync(known)) return known;
  const python = await makePython(environment, { requirement: packages.join(' and '), packages, log });
  if (python === undefined) {
    throw new Error(
      `A package is inspected and compressed with ${packages.join(' and ')}, which no Python here can have: install Python 3.10 or newer with venv and pip.`,
    );
  }
  writeFileSync(note, python);
  return python;
}
