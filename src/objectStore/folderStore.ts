import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing } from '../core/errors';
import { exists, syncDirectory, temporaryPrefix, writeDurably, writeFileAtomically } from '../store/atomicFile';
import { folderProblem } from './folderProblem';
import { guardedBy } from './guarded';
import type { ObjectStore, Pointer } from './objectStore';

/**
 * A store in a folder, which several machines may share. A pointer is a folder with a file for each of its states, numbered: the
 * next state is made by a hard link, which of several who try only one can make. States that nobody needs any more are removed.
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
    removePointer: guarded(async (key) => rm(at(key), { recursive: true, force: true, maxRetries: 5 })),
  };
}

/** With its folder, where that holds nothing else. */
async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Numbers of the states of a pointer that are there, the newest one first. */
async function statesOf(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder);
    return names.flatMap((name) => (/^[1-9]\d*$/.test(name) ? [Number(name)] : [])).sort((a, b) => b - a);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readNewest(folder: string): Promise<Pointer | undefined> {
  for (;;) {
    const [newest] = await statesOf(folder);
    if (newest === undefined) return undefined;
    const data = await readIfThere(join(folder, String(newest)));
    // Whoever has removed it has made a newer one before.
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
  return isNewest(folder, number);
}

/** The number may have been free because that state came and went: then there is a newer one, and this one never counted. */
async function isNewest(folder: string, number: number): Promise<boolean> {
  const states = await statesOf(folder);
  const isOvertaken = states[0] !== number;
  const useless = isOvertaken ? [number] : states.filter((state) => state < number);
  await Promise.all(useless.map((state) => rm(join(folder, String(state)), { force: true })));
  return !isOvertaken;
}
