import { closeSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { open } from 'yauzl';
import { packageProblems } from './checkVsix.mjs';
import { nativeHeaders } from './nativeHeaders.mjs';

/** How ELF, PE and Mach-O files (also of several processors) begin. */
const beginnings = ['7f454c46', '4d5a', 'cffaedfe', 'cafebabe', 'feedfacf'];
const nativeName = /\.(node|so|dylib|dll|exe)(\.[\d.]+)?$/;

/**
 * Opens a package that was made and looks at what is in it.
 * @param {string} file
 * @param {object} options
 * @param {string} options.root folder of the project
 * @param {string} options.stage the folder it was packed from: headers are read there
 * @param {import('./targets.mjs').Target} options.target
 * @param {readonly string[]} options.expected files of the stage that had to be packed
 * @param {(line: string) => void} options.log
 * @returns {Promise<string[]>} what is wrong, one sentence each
 */
export async function inspectVsix(file, { root, stage, target, expected, log }) {
  const entries = await entriesOf(file);
  const packed = expected.filter((name) => name !== '.vscodeignore');
  const native = packed.filter((name) => nativeName.test(name) || beginsNative(path.join(stage, name)));
  const full = native.map((name) => path.join(stage, name));
  const found = native.length === 0 ? {} : await nativeHeaders(root, full, log);
  const headers = Object.fromEntries(
    native.map((name, index) => [`extension/${name}`, found[full[index] ?? ''] ?? []]),
  );
  log(`${entries.length} entries, ${native.length} native files for ${target.name} inspected`);
  return packageProblems({ target, bytes: statSync(file).size, entries, headers, expected: packed.map(entryOf) });
}

/** vsce gives these two files other names. @param {string} name */
function entryOf(name) {
  return `extension/${name === 'LICENSE' ? 'LICENSE.txt' : name}`;
}

/** @param {string} file @returns {Promise<string[]>} */
function entriesOf(file) {
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const names = [];
    open(file, (error, archive) => {
      if (error !== null) {
        reject(error);
        return;
      }
      archive.on('entry', (/** @type {import('yauzl').Entry} */ { fileName }) => names.push(fileName));
      archive.once('end', () => resolve(names)).once('error', reject);
    });
  });
}

/** @param {string} file */
function beginsNative(file) {
  const beginning = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, beginning, 0, 4, 0);
  } finally {
    closeSync(descriptor);
  }
  return beginnings.some((bytes) => beginning.toString('hex').startsWith(bytes));
}
