import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import { UserError } from '../core/errors';
import { askGit } from './askGit';
import { decodeBytes } from './decoding';

/** The files of a folder as a revision has them. */
export interface Revision {
  /** Git's hash of each file's bytes, by path relative to the folder. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The text of a file; undefined where it has none, or it is no text. */
  textOf(path: string): Promise<string | undefined>;
}

/**
 * What a folder held at a revision, or, where that is no ancestor, where both parted. Nothing of the repository's own
 * configuration is run for it: no filters, no drivers for differences.
 * @param directory absolute
 * @param name of the revision; undefined: the last commit, or nothing where there is none yet
 * @throws UserError where there is no repository or no such revision
 */
export async function readRevision(directory: string, name: string | undefined): Promise<Revision> {
  const inside = await askGit(directory, ['rev-parse', '--is-inside-work-tree']);
  if (!inside.ok) {
    throw new UserError(
      l10n.t`${directory} is not in a git repository (${inside.why}).`,
      l10n.t('Name a folder that is in one.'),
    );
  }
  const commit = await commitOf(directory, name);
  return revisionOf(directory, commit === undefined ? new Map() : await hashesAt(directory, commit));
}

/** What is staged in a folder; of files that conflict in a merge nothing is. */
export async function readIndex(directory: string): Promise<Revision> {
  const listing = await askGit(directory, ['ls-files', '-s', '-z']);
  const entries = listing.ok ? listing.output.toString().split('\0') : [];
  const hashes = new Map<string, string>();
  for (const entry of entries) {
    const match = /^100\d{3} ([0-9a-f]+) 0\t([^]+)$/.exec(entry);
    if (match !== null) hashes.set(match[2]!, match[1]!);
  }
  return revisionOf(directory, hashes);
}

function revisionOf(directory: string, hashes: ReadonlyMap<string, string>): Revision {
  return {
    hashes,
    async textOf(path) {
      const hash = hashes.get(path);
      const blob = hash === undefined ? undefined : await askGit(directory, ['cat-file', 'blob', hash]);
      return blob?.ok === true ? decodeBytes(blob.output)?.text : undefined;
    },
  };
}

async function commitOf(directory: string, name: string | undefined): Promise<string | undefined> {
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name ?? 'HEAD'}^{commit}`];
  const found = await askGit(directory, verify);
  if (!found.ok) {
    if (name === undefined) return undefined;
    throw new UserError(
      l10n.t`There is no revision ${name} in ${directory}.`,
      l10n.t('Fetch it, or name another one.'),
    );
  }
  const commit = found.output.toString().trim();
  const common = await askGit(directory, ['merge-base', commit, 'HEAD']);
  return common.ok ? common.output.toString().trim() : commit;
}

async function hashesAt(directory: string, commit: string): Promise<Map<string, string>> {
  const tree = await askGit(directory, ['ls-tree', '-r', '-z', commit]);
  if (!tree.ok)
    throw new UserError(
      l10n.t`Git cannot list ${commit} (${tree.why}).`,
      l10n.t('Check the repository with git fsck.'),
    );
  const hashes = new Map<string, string>();
  for (const entry of tree.output.toString().split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t([^]+)$/.exec(entry);
    if (match !== null) hashes.set(match[2]!, match[1]!);
  }
  return hashes;
}

/** Git's hash of a file's bytes, of the same kind as another one. */
export function blobHash(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
