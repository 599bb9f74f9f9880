import { rmSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { lastLine, runProgram } from '../setup/childProcess.mjs';
import { packagingPython } from './packagingPython.mjs';

/**
 * Has a VSIX written and compresses it with libdeflate: a thirtieth smaller than Node's zlib, which vsce uses, makes it at
 * any level.
 * @param {string} file
 * @param {object} options
 * @param {string} options.root folder of the project
 * @param {string} options.stored where it may lie meanwhile, as large as all its files
 * @param {(file: string) => Promise<void>} options.write writes it with vsce
 * @param {(line: string) => void} options.log
 * @returns {Promise<void>}
 * @throws {Error} with one sentence where it cannot be compressed
 */
export async function writeCompressed(file, { root, stored, write, log }) {
  const python = await packagingPython(root, log);
  try {
    await withoutCompression(() => write(stored));
    const { code, output } = await runProgram(python, [
      path.join(import.meta.dirname, 'compressVsix.py'),
      stored,
      file,
    ]);
    if (code !== 0) throw new Error(`${path.basename(file)} cannot be compressed: ${lastLine(output)}.`);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    rmSync(stored, { force: true });
  }
}

/**
 * vsce has no setting for it, and would compress for half a minute what is compressed anew.
 * @param {() => Promise<void>} work
 */
async function withoutCompression(work) {
  const { DeflateRaw } = zlib;
  zlib.DeflateRaw = class extends DeflateRaw {
    constructor() {
      super({ level: zlib.constants.Z_NO_COMPRESSION });
    }
  };
  try {
    await work();
  } finally {
    zlib.DeflateRaw = DeflateRaw;
  }
}
