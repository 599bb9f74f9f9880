import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from './jsonFile.mjs';
import { copyWithoutNative, holdsFiles, linkIntoPackage, readStore } from './nativeStore.mjs';
import { removeAbandonedStages, storeNative } from './nativeStore.mjs';
import { checkTensorflow, lacksAvx } from './tensorflowCheck.mjs';
import { installByOwnDownload, packageVersion } from './tensorflowDownload.mjs';
import { installFromWheel } from './tensorflowWheel.mjs';

/** @typedef {import('./nativeStore.mjs').InstalledNative} InstalledNative */
/** @typedef {{name: string, install: (stage: string, root: string, log: (line: string) => void) => Promise<void>}} Source */

/** @type {Source[]} where TensorFlow's library may come from, the first that works wins */
const sources = [
  { name: "tfjs-node's own download", install: installByOwnDownload },
  { name: 'the TensorFlow wheel of PyPI', install: installFromWheel },
];

/** To be raised whenever something else is to be stored, so that a new one is made. */
const recipe = 2;

const retryAfterMs = 60 * 60_000;

/**
 * Gives tfjs-node its native library. Whatever happens, node_modules holds a whole one or none. Only the holder of the
 * set-up's lock may call it.
 * @param {string} root folder of the project
 * @param {{log: (line: string) => void, retry: boolean, from?: Source[]}} options `retry`: try again although it failed
 * within the last hour
 * @returns {Promise<InstalledNative | undefined>} undefined where training has to do without
 */
export async function ensureTensorflow(root, { log, retry, from = sources }) {
  const packageFolder = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const folder = path.join(root, '.cache', 'tensorflow');
  const store = path.join(folder, storeName(packageVersion(packageFolder)));
  removeAbandonedStages(folder);
  const note = readStore(store) ?? (await install({ root, packageFolder, store, log, retry, from }));
  if (note !== undefined && !holdsFiles(packageFolder, note)) {
    linkIntoPackage(store, packageFolder, note);
  }
  return note;
}

/**
 * @param {string} version of tfjs-node
 * @returns {string} name of the folder that keeps its native part
 */
export function storeName(version) {
  return `${version}-${process.platform}-${process.arch}-${recipe}`;
}

/**
 * @param {{root: string, packageFolder: string, store: string, log: (line: string) => void, retry: boolean, from: Source[]}} job
 * @returns {Promise<InstalledNative | undefined>}
 */
async function install({ root, packageFolder, store, log, retry, from }) {
  const failureFile = `${store}.failed`;
  const known = retry ? undefined : recentFailure(failureFile);
  const problem = known ?? (lacksAvx() ? 'this processor lacks AVX, which TensorFlow needs' : undefined);
  const tried = problem ?? (await trySources({ root, packageFolder, store, log, from }));
  if (typeof tried !== 'string') {
    rmSync(failureFile, { force: true });
    return tried;
  }
  log(
    `no native TensorFlow: ${tried}. Training falls back to @tensorflow/tfjs with WebAssembly, which is slower; "npm run setup" tries again.`,
  );
  if (known === undefined) {
    mkdirSync(path.dirname(failureFile), { recursive: true });
    writeFileSync(failureFile, JSON.stringify({ time: Date.now(), problem: tried }));
  }
  return undefined;
}

/**
 * @param {{root: string, packageFolder: string, store: string, log: (line: string) => void, from: Source[]}} job
 * @returns {Promise<InstalledNative | string>} the reasons, where every source failed
 */
async function trySources({ root, packageFolder, store, log, from }) {
  const reasons = [];
  const stage = path.join(path.dirname(store), 'stage');
  for (const source of from) {
    rmSync(stage, { recursive: true, force: true });
    copyWithoutNative(packageFolder, stage);
    try {
      await source.install(stage, root, log);
      const version = await checkTensorflow(stage);
      log(`TensorFlow ${version} is ready (${source.name})`);
      removeOlder(store);
      return storeNative(stage, store, { version, source: source.name });
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    } finally {
      rmSync(stage, { recursive: true, force: true });
    }
  }
  return reasons.join('; ');
}

/**
 * Removes what earlier versions of this script stored for this platform: it is large.
 * @param {string} store
 */
function removeOlder(store) {
  const folder = path.dirname(store);
  const older = readdirSync(folder).filter((name) => name.includes(`-${process.platform}-${process.arch}`));
  older.forEach((name) => rmSync(path.join(folder, name), { recursive: true, force: true }));
}

/**
 * @param {string} file
 * @returns {string | undefined} why it failed within the last hour, so that not every start tries again
 */
function recentFailure(file) {
  const failure = /** @type {{time: number, problem: string} | undefined} */ (readJson(file));
  return failure !== undefined && Date.now() - failure.time < retryAfterMs ? failure.problem : undefined;
}
