import path from 'node:path';
import { ensurePackages } from './npmPackages.mjs';
import { withSetupLock } from './setupLock.mjs';
import { ensureTensorflow } from './tensorflow.mjs';

export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

/** @param {string} line */
export const log = (line) => console.log(`set-up: ${line}`);

/**
 * Makes a fresh clone ready to be built and run. What is there already stays as it is.
 * @param {{retry?: boolean}} [options] `retry`: try again for the native library although it could not be had lately
 * @returns {Promise<void>}
 * @throws {Error} with what to do about it, where Recur cannot be made to run at all
 */
export async function prepare({ retry = false } = {}) {
  await withSetupLock(projectRoot, log, () => prepareAlone(retry));
}

/** @param {boolean} retry */
async function prepareAlone(retry) {
  const fresh = await ensurePackages(projectRoot, log);
  const native = await ensureTensorflow(projectRoot, { log, retry });
  if (native !== undefined) {
    log(`${fresh ? 'done' : 'everything is in place'} (TensorFlow ${native.version})`);
  }
}
