import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { open, type Entry, type Options, type ZipFile } from 'yauzl';

const openArchive = promisify<string, Options, ZipFile>(open);

/**
 * Unpacks some files of a wheel into one folder, each under its own last name: whatever path the archive gives it, it lies there.
 * @returns their names
 */
export async function unpack(
  archive: string,
  isWanted: (path: string) => boolean,
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const file = await openArchive(archive, { lazyEntries: true });
  const read = promisify<Entry, Readable>((entry, done) => file.openReadStream(entry, done));
  try {
    const names: string[] = [];
    for (let entry = await nextEntry(file); entry !== undefined; entry = await nextEntry(file)) {
      if (entry.fileName.endsWith('/') || !isWanted(entry.fileName)) continue;
      const name = basename(entry.fileName);
      await pipeline(await read(entry), createWriteStream(join(folder, name)), { signal });
      names.push(name);
    }
    return names;
  } finally {
    file.close();
  }
}

function nextEntry(file: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (entry?: Entry): void => {
      file.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
      resolve(entry);
    };
    file
      .once('entry', settle)
      .once('end', () => settle())
      .once('error', reject);
    file.readEntry();
  });
}
