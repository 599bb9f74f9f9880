import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';

/** Prefix of what is being written; such names are never read, and removed by the next run. */
export const temporaryPrefix = '.tmp-';

/** Lower-case hexadecimal SHA-256. */
export function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

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

/** Makes renames within a directory durable; a no-op where directories cannot be opened (Windows). */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Largest JSON file of ours: a run's split of 100,000 files takes about 20 MB. */
const maxJsonBytes = 200_000_000;

/**
 * Reads a JSON file and checks it against a schema.
 * @returns undefined where there is no such file
 * @throws Error naming the file where it is not valid
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
  const result = v.safeParse(schema, parseJson(text));
  if (result.success) return result.output;
  throw new Error(`${path} is not valid: ${v.summarize(result.issues)}`);
}

async function readBounded(path: string): Promise<string> {
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

/** Reads a file whose size and hash are known; throws where it is another one. */
export async function readVerified(path: string, bytes: number, sha256: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size !== bytes) throw new Error(`${path} has ${size} bytes, not ${bytes}.`);
  } finally {
    await file.close();
  }
  const data = await readFile(path);
  if (sha256Of(data) !== sha256) throw new Error(`${path} is damaged: its SHA-256 is not the recorded one.`);
  return data;
}

/** Whether there is such a file or folder. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whether an error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
