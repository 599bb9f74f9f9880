import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../core/errors';
import { exists, syncDirectory, temporaryPrefix, writeDurably, writeFileAtomically } from '../store/atomicFile';
import { folderProblem } from './folderProblem';
import { guardedBy } from './guarded';
import type { ObjectStore, Pointer } from './objectStore';

/**
 * A store in a folder, which several machines may share. A pointer is a folder with a file for each of its states, numbered: the
 * next state is made by a hard link, which of several who try only one can make. The states before it stay: a number that
 * were free again could be taken by somebody who comes late.
 * @param directory absolute
 */
export function createFolderStore(directory: string): ObjectStore {
  const at = (key: string): string => join(directory, ...key.split('/'));
  const guarded = guardedBy((error) => folderProblem(error, directory));
  return {
    name: directory,
    read: guarded(async (key) => readIfThere(at(key))),
    write: guarded(async (key, data) => writeFileAtomically(at(key), data)),
    has: guarded(async (key) => exists(at(key))),
    remove: guarded(async (key) => removeFile(at(key))),
    readPointer: guarded(async (key) => readNewest(at(key))),
    movePointer: guarded(async (key, data, tag) => writeNext(at(key), data, tag === undefined ? 1 : Number(tag) + 1)),
    removePointer: guarded(async (key) => removeFolder(at(key))),
  };
}

/** With its folder, where that holds nothing else. */
async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

/** All of it at once: of a pointer half removed an older state would be the newest one. */
async function removeFolder(path: string): Promise<void> {
  const removed = join(dirname(path), `${temporaryPrefix}${randomUUID()}`);
  try {
    await rename(path, removed);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await rm(removed, { recursive: true, force: true, maxRetries: 5 });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Number of the newest state of a pointer; undefined where there is none. */
async function newestOf(folder: string): Promise<number | undefined> {
  try {
    const numbers = (await readdir(folder)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
    return numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function readNewest(folder: string): Promise<Pointer | undefined> {
  for (;;) {
    const newest = await newestOf(folder);
    if (newest === undefined) return undefined;
    const data = await readIfThere(join(folder, String(newest)));
    // Otherwise the pointer was removed meanwhile, and perhaps made anew.
    if (data !== undefined) return { data, tag: String(newest) };
  }
}

async function writeNext(folder: string, data: Uint8Array, number: number): Promise<boolean> {
  const temporary = join(dirname(folder), `${temporaryPrefix}${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    await writeDurably(temporary, data);
    await link(temporary, join(folder, String(number)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(folder);
  return true;
}
