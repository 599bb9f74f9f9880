import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readFile, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What stands in the folder of a lock.
 * @typedef {object} Entry
 * @property {string | null} name of its file; null where the lock itself is a file, as in version 0.1.0
 * @property {string} content
 */

const temporaryPrefix = '.tmp-lock-';
/** Nothing else is ever read or removed: the folder may be one that somebody else has put there. */
const entryName = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.json$/;
const mostBytes = 10_000;

/**
 * @param {string} lock
 * @returns {Promise<Entry | undefined>} undefined where nobody has it
 */
export async function readEntry(lock) {
  const found = await statOf(lock);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return { name: null, content: await readSmall(lock) };
  const name = (await readdir(lock)).find((file) => entryName.test(file));
  return name === undefined ? undefined : { name, content: await readSmall(path.join(lock, name)) };
}

/**
 * @param {string} file
 * @returns {Promise<string>} empty where it is none, is too large to be ours or was removed
 */
async function readSmall(file) {
  const found = await statOf(file);
  return found?.isFile() === true && found.size <= mostBytes ? readFile(file, 'utf8').catch(() => '') : '';
}

/**
 * Opens a lock: our own, or one whose holder is gone.
 * @param {string} lock
 * @param {string | null} name of its entry
 */
export async function removeEntry(lock, name) {
  try {
    await unlink(name === null ? lock : path.join(lock, name));
    if (name !== null) await rmdir(lock).catch(() => undefined);
  } catch (error) {
    const isFolder = name === null && (await statOf(lock))?.isDirectory() === true;
    if (codeOf(error) !== 'ENOENT' && !isFolder) throw error;
  }
}

/**
 * Puts a lock in its place in one step, with its holder in it.
 * @param {string} lock
 * @param {string} content
 * @param {string} [name] of its file
 * @returns {Promise<string | undefined>} the name of its file; undefined where another one stands there
 */
export async function placeLock(lock, content, name = `${randomUUID()}.json`) {
  const around = path.dirname(lock);
  const temporary = path.join(around, `${temporaryPrefix}${randomUUID()}`);
  await mkdir(around, { recursive: true });
  try {
    await mkdir(temporary);
    await writeFile(path.join(temporary, name), content);
    await rmdir(lock).catch(() => undefined); // Windows does not rename to an empty folder.
    await rename(temporary, lock);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (codeOf(error) === 'ENOENT' || (await statOf(lock)) !== undefined) return undefined;
    throw error;
  }
  // Whoever holds a lock removes the leftovers of others: of this folder too, until it was renamed.
  return (await statOf(path.join(lock, name))) !== undefined ? name : undefined;
}

/**
 * Removes what others left who were killed while they placed a lock of theirs.
 * @param {string} lock
 */
export async function removeLeftovers(lock) {
  const around = path.dirname(lock);
  const names = await readdir(around).catch(() => []);
  const leftovers = names.filter((name) => name.startsWith(temporaryPrefix)).map((name) => path.join(around, name));
  await Promise.allSettled(leftovers.map((folder) => rm(folder, { recursive: true, force: true })));
}

/**
 * Writes over the entry of a lock.
 * @param {string} lock
 * @param {string} name
 * @param {string} content as long as the one before it
 * @returns {Promise<boolean>} whether it is still there; on a full disk, for instance, it stays as it is
 */
export async function showLife(lock, name, content) {
  try {
    const file = await open(path.join(lock, name), 'r+');
    await file.write(content, 0).finally(() => file.close());
    return true;
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}

/**
 * @param {string} file
 * @returns {Promise<import('node:fs').Stats | undefined>} of itself, not of what it links to; undefined where there is none
 * @throws where it cannot be told
 */
async function statOf(file) {
  return lstat(file).catch((/** @type {unknown} */ error) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
