import * as l10n from '@vscode/l10n';
import { statfs } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { formatBytes } from '../core/formatting';

const full = new Set(['ENOSPC', 'EDQUOT']);
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EIO']);

/** What the file system says of a folder that cannot be filled, as a sentence; undefined for any other error. */
export function diskFailure(error: unknown, folder: string): UserError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (full.has(error.code)) {
    return new UserError(
      l10n.t`The disk with ${folder} is full.`,
      l10n.t('Free some space, and try again: what was downloaded is deleted.'),
    );
  }
  if (!unwritable.has(error.code)) return undefined;
  return new UserError(
    l10n.t`The folder ${folder} cannot be written to (${error.code}).`,
    l10n.t('Make it writable, and try again.'),
  );
}

/** Wheels and what is unpacked from them, together, by the size of the wheels. */
const spaceOfWheels = 2.5;

/** @throws UserError where a download would not fit into a folder together with what is unpacked from it */
export async function requireSpace(folder: string, downloadBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [spaceOfWheels * downloadBytes, bavail * bsize];
  if (free >= needed) return;
  throw new UserError(
    l10n.t`CUDA support needs ${formatBytes(needed)} in ${folder}, and ${formatBytes(free)} are free.`,
    l10n.t('Nothing was downloaded.'),
  );
}
