import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { lastLine } from '../setup/childProcess.mjs';
import { packagingPython } from './packagingPython.mjs';

/**
 * What a native file was made for.
 * @typedef {{system: string, machine: string, libraries: string[]}} NativeHeader
 */

/**
 * Reads the ELF, PE or Mach-O headers of files with LIEF, in a Python of its own.
 * @param {string} root folder of the project
 * @param {readonly string[]} files absolute paths
 * @param {(line: string) => void} log
 * @returns {Promise<Record<string, NativeHeader[]>>} by file; a file that is none of these has none, and a Mach-O file of several processors has several
 * @throws {Error} with one sentence where LIEF cannot be had
 */
export async function nativeHeaders(root, files, log) {
  const python = await packagingPython(root, log);
  const script = path.join(import.meta.dirname, 'inspectNative.py');
  const input = JSON.stringify(files);
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`The native files cannot be inspected: ${lastLine(stderr)}`);
  /** @type {unknown} */
  const headers = JSON.parse(stdout);
  return /** @type {Record<string, NativeHeader[]>} */ (headers);
}
