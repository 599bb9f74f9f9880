import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { newerSchema } from './files';
import { sha256Of } from '../core/sha256';
import { isMissing } from '../core/errors';

/** Prefix of what is being written; such names are never read, and removed by the next run. */
export const temporaryPrefix = '.tmp-';

/** Writes a file and waits until it is on the disk. */
export async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file as a whole: a reader, also after a crash, sees the old content or the new one. */
export async function writeFileAtomically(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix}${randomUUID()}`);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeDurably(temporary, data);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/**
 * Makes renames within a directory durable, where that can be asked for: not on Windows, and not on file systems that answer
 * as some of FUSE, 9p and SMB do. They go on without, as databases do there.
 */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const directory = await open(path, 'r');
    await directory.sync().finally(() => directory.close());
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  }
}

/** What systems say who cannot open or sync a folder; a disk that fails says something else. */
const unsupported = new Set(['EINVAL', 'EBADF', 'EISDIR', 'EACCES', 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && unsupported.has(error.code);
}

/** Largest JSON file of ours: a run's split of 100,000 files takes about 20 MB. */
const maxJsonBytes = 200_000_000;

/**
 * Reads a JSON file and checks it against a schema.
 * @returns undefined where there is no such file
 * @throws Error with a sentence that names the file where it is damaged, or a newer version has written it
 */
export async function readJson<TSchema extends v.GenericSchema>(
  path: string,
  schema: TSchema,
): Promise<v.InferOutput<TSchema> | undefined> {
  let text: string;
  try {
    text = await readBounded(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const value = parseJson(text);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new Error(`${path} ${describeDamage(text, value, result.issues[0])}`);
}

function describeDamage(text: string, value: unknown, issue: v.BaseIssue<unknown>): string {
  if (text.trim() === '') return 'is empty.';
  if (value === undefined) return 'is damaged: it is no whole JSON.';
  if (v.is(newerSchema, value)) return 'was written by a newer version of Recur.';
  const key = v.getDotPath(issue);
  return `is damaged: ${key === null ? 'it' : `its '${key}'`} is not what Recur writes.`;
}

/** A pipe may never end, and waits where it is opened already. */
async function requireFile(path: string): Promise<void> {
  if (!(await stat(path)).isFile()) throw new Error(`${path} is no file.`);
}

async function readBounded(path: string): Promise<string> {
  await requireFile(path);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maxJsonBytes) throw new Error(`${path} is larger than any file that Recur writes.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A graph is a message of Protocol Buffers, which has 2 GiB at most. */
const mostBytes = 2 ** 31 - 1;

/** Reads a file whose size and hash are known; throws a sentence where it is missing or another one. */
export async function readVerified(path: string, bytes: number, sha256: string): Promise<Uint8Array> {
  if (!(await exists(path, constants.R_OK))) throw new Error(`${path} is missing, or may not be read.`);
  await requireFile(path);
  const { size } = await stat(path);
  if (size !== bytes) throw new Error(`${path} has ${size} bytes, not ${bytes}.`);
  if (size > mostBytes) throw new Error(`${path} is larger than any model can be.`);
  const data = await readFile(path);
  if (sha256Of(data) !== sha256) throw new Error(`${path} is damaged: its SHA-256 is not the recorded one.`);
  return data;
}

/** Whether there is such a file or folder. @param mode what else must be allowed */
export async function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
