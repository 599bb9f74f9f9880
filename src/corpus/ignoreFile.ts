import { readFile, stat } from 'node:fs/promises';

/** Larger ones are no file of ignore rules. */
const mostBytes = 1_000_000;

/** The text of a file of ignore rules; empty where there is none. A named pipe in its place has no end, and is passed over. */
export async function readIgnoreFile(file: string): Promise<string> {
  const status = await stat(file).catch(() => undefined);
  if (status?.isFile() !== true || status.size > mostBytes) return '';
  return readFile(file, 'utf8').catch(() => '');
}
