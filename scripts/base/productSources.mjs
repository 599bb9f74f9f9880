// What the scripts of the base model use of the product itself, bundled from its sources.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleBundle } from '../moduleBundle.mjs';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/**
 * What belongs into a corpus.
 * @returns {Promise<import('./sourceFiles.mjs').ProductRules>}
 */
export async function loadProductRules() {
  return /** @type {Promise<import('./sourceFiles.mjs').ProductRules>} */ (
    load('productRules', [
      `export { leftOutByPath } from './corpus/pathRules';`,
      `export { isGenerated } from './corpus/contentRules';`,
      `export { decodeText } from './corpus/decoding';`,
    ])
  );
}

/**
 * @typedef {{storeInHalf: (exported: Uint8Array) => Uint8Array}} HalfPrecision
 * @returns {Promise<HalfPrecision>}
 */
export async function loadHalfPrecision() {
  const lines = [`export { storeInHalf } from './onnx/halfPrecision';`];
  return /** @type {Promise<HalfPrecision>} */ (load('halfPrecision', lines));
}

/**
 * @param {string} name @param {readonly string[]} lines
 * @returns {Promise<unknown>}
 */
async function load(name, lines) {
  // Inside the project, where packages are found; a process of its own may bundle at the same time.
  const outfile = path.join(projectRoot, '.cache/base', `${name}-${process.pid}.mjs`);
  await build({
    ...moduleBundle,
    outfile,
    stdin: { resolveDir: path.join(projectRoot, 'src'), contents: lines.join('\n') },
  });
  try {
    /** @type {unknown} */
    const loaded = await import(pathToFileURL(outfile).href);
    return loaded;
  } finally {
    rmSync(outfile, { force: true });
  }
}
