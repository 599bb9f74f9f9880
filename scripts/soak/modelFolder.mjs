import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** @typedef {'export' | 'checkpoint'} Writing what was being written when a process was killed */
/** @typedef {{files: number, bytes: number}} Size */

const checkpointNames = ['checkpoint-a', 'checkpoint-b'];
const temporaryPrefix = '.tmp-';

/**
 * Whether there is a training to go on with.
 * @param {string} out
 */
export function hasCheckpoint(out) {
  return checkpointFolders(out).some((folder) => existsSync(path.join(folder, 'manifest.json')));
}

/**
 * Whether a model has ever been put in use.
 * @param {string} out
 */
export function hasModel(out) {
  return existsSync(path.join(out, 'current.json'));
}

/**
 * What is half written now by a run that began at that time.
 * @param {string} out
 * @param {{beganMs: number, models: ReadonlySet<string>}} run when it began, and the exports that there were
 * @returns {Writing | undefined}
 */
export function halfWritten(out, { beganMs, models }) {
  if (halfExported(out, models)) return 'export';
  return checkpointFolders(out).some((folder) => isHalfWritten(folder, beganMs)) ? 'checkpoint' : undefined;
}

/**
 * The exports, by name.
 * @param {string} out
 * @returns {Set<string>}
 */
export function exportsOf(out) {
  return new Set(namesIn(path.join(out, 'models')).filter((name) => !name.startsWith(temporaryPrefix)));
}

/**
 * A new export under its temporary name, or one that is not in use yet. (An old one that is being deleted has such a
 * name too.)
 * @param {string} out
 * @param {ReadonlySet<string>} before
 */
function halfExported(out, before) {
  const added = namesIn(path.join(out, 'models')).filter((name) => !before.has(name.replace(temporaryPrefix, '')));
  const newest = added.sort().at(-1);
  if (added.some((name) => name.startsWith(temporaryPrefix))) return true;
  return newest !== undefined && !readText(path.join(out, 'current.json')).includes(newest);
}

/**
 * The manifest is deleted first and written last.
 * @param {string} folder
 * @param {number} beganMs
 */
function isHalfWritten(folder, beganMs) {
  const names = namesIn(folder);
  if (names.length === 0 || names.includes('manifest.json')) return false;
  return names.some((name) => changedAtMs(path.join(folder, name)) >= beganMs);
}

/** @param {string} out */
function checkpointFolders(out) {
  const runs = path.join(out, 'runs');
  return namesIn(runs).flatMap((run) => checkpointNames.map((name) => path.join(runs, run, name)));
}

/**
 * @param {string} out
 * @returns {Size}
 */
export function sizeOf(out) {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const sizes = names.map((name) => statSync(path.join(out, name))).filter((status) => status.isFile());
  return { files: sizes.length, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
}

/** @param {string} folder */
function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} file */
function changedAtMs(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
