import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lastLine } from '../setup/childProcess.mjs';
import { makePython } from '../setup/python.mjs';

/**
 * What a native file was made for.
 * @typedef {{system: string, machine: string, libraries: string[]}} NativeHeader
 */

const requirement = 'lief==1.0.0';

/**
 * Reads the ELF, PE or Mach-O headers of files with LIEF, in a Python of its own.
 * @param {string} root folder of the project
 * @param {readonly string[]} files absolute paths
 * @param {(line: string) => void} log
 * @returns {Promise<Record<string, NativeHeader[]>>} by file; a file that is none of these has none, and a Mach-O file of several processors has several
 * @throws {Error} with one sentence where LIEF cannot be had
 */
export async function nativeHeaders(root, files, log) {
  const python = await liefPython(root, log);
  const script = path.join(import.meta.dirname, 'inspectNative.py');
  const input = JSON.stringify(files);
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`The native files cannot be inspected: ${lastLine(stderr)}`);
  /** @type {unknown} */
  const headers = JSON.parse(stdout);
  return /** @type {Record<string, NativeHeader[]>} */ (headers);
}

/**
 * @param {string} root
 * @param {(line: string) => void} log
 */
async function liefPython(root, log) {
  const environment = path.join(root, '.cache', 'lief');
  const note = path.join(environment, 'python-path');
  const known = existsSync(note) ? readFileSync(note, 'utf8') : '';
  if (existsSync(known)) return known;
  const python = await makePython(environment, { requirement, log });
  if (python === undefined) {
    throw new Error(
      `The native files of a package are inspected with LIEF, which no Python here can have: install Python 3 with venv and pip.`,
    );
  }
  writeFileSync(note, python);
  return python;
}
