import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { isMissing, UserError } from '../core/errors';
import { diskFailure } from './diskFailure';
import { reasonOf, type Wheel } from './wheels';

/** Broken connections are taken up again while each one brings something. */
const mostBarrenTries = 3;

/**
 * Downloads a file to a path, or goes on where an earlier download ended. What lies there in the end has the size and the
 * SHA-256 that were promised.
 * @param onBytes told how many bytes of it are there
 * @throws UserError where it cannot be had, or is another one
 */
export async function download(
  { url, bytes, sha256 }: Pick<Wheel, 'url' | 'bytes' | 'sha256'>,
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  if ((await sizeOf(path)) === bytes) {
    onBytes(bytes);
    return;
  }
  const part = `${path}.part`;
  for (let barren = 0; (await sizeOf(part)) < bytes;) {
    const before = await sizeOf(part);
    try {
      await fetchRest(url, part, before, signal, onBytes);
    } catch (error) {
      signal.throwIfAborted();
      if (diskFailure(error, path) !== undefined) throw error;
      barren = (await sizeOf(part)) > before ? 0 : barren + 1;
      if (barren >= mostBarrenTries) throw notDownloaded(url, reasonOf(error));
    }
  }
  if ((await sizeOf(part)) !== bytes || (await sha256OfFile(part, signal)) !== sha256) {
    await rm(part, { force: true });
    throw notDownloaded(url, l10n.t('its SHA-256 is not the one that the index names'));
  }
  await rename(part, path);
}

async function fetchRest(
  url: string,
  part: string,
  from: number,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const response = await fetch(url, { signal, headers: from > 0 ? { range: `bytes=${from}-` } : {} });
  if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
  // Who does not know ranges sends all of it.
  const goesOn = response.status === 206;
  let there = goesOn ? from : 0;
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  body.on('data', (chunk: Uint8Array) => onBytes((there += chunk.length)));
  await pipeline(body, createWriteStream(part, { flags: goesOn ? 'a' : 'w' }), { signal });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function sha256OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

function notDownloaded(url: string, why: string): UserError {
  return new UserError(l10n.t`${url} was not downloaded: ${why}.`, l10n.t('Try again: what is there already is kept.'));
}
