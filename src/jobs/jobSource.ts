import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { sha256Of } from '../core/sha256';
import { streamCorpus } from '../corpus/readCorpus';
import type { ObjectStore } from '../objectStore/objectStore';
import { checkOut, resolveRevision } from './gitRemote';
import type { JobSpec } from './jobSpec';
import { keys } from './keys';
import { begunSchema, readStored, storeVersion, toJson } from './storedFiles';

/** A job by name, and what it trains on. */
export interface IdentifiedJob {
  /** With the same SPEC and the same text it is the same, on every machine. */
  readonly job: string;
  /** A commit, or the digest of a folder's texts. */
  readonly source: string;
}

/** Digits of a job's name where it has no id of its own. */
const nameDigits = 40;

/**
 * Tells which job a SPEC is. One with an id trains on what its first worker has found, wherever the branch stands later.
 * @throws UserError where the repository or the folder cannot be read, or the id belongs to another SPEC
 */
export async function identifyJob(
  spec: JobSpec,
  store: ObjectStore,
  logger: Logger,
  signal: AbortSignal,
): Promise<IdentifiedJob> {
  if (spec.id === undefined) {
    const source = await findSource(spec, logger, signal);
    return { job: sha256Of(JSON.stringify([fingerprintOf(spec, false), source])).slice(0, nameDigits), source };
  }
  const begun = (await readBegun(store, spec.id)) ?? (await begin(spec, spec.id, store, logger, signal));
  if (begun.fingerprint === fingerprintOf(spec, true)) return { job: spec.id, source: begun.source };
  throw new UserError(
    `The job ${spec.id} in ${store.name} was begun with another SPEC.`,
    'Give the changed one another id, or none.',
  );
}

/** What shapes the result; `withRevision`: as it was asked for. */
function fingerprintOf(spec: JobSpec, withRevision: boolean): string {
  const { name, place, training, corpus, from, machines, round, outer } = spec;
  const where = place.kind === 'folder' ? 'folder' : [place.repository, ...(withRevision ? [place.revision] : [])];
  const rounds = machines > 1 ? [{ machines, round, outer }] : [];
  return sha256Of(JSON.stringify([name, where, training, corpus, from, ...rounds]));
}

async function readBegun(store: ObjectStore, job: string) {
  return (await readStored(store, keys.begun(job), begunSchema))?.content;
}

async function begin(spec: JobSpec, job: string, store: ObjectStore, logger: Logger, signal: AbortSignal) {
  const source = await findSource(spec, logger, signal);
  const begun = { formatVersion: storeVersion, fingerprint: fingerprintOf(spec, true), source };
  await store.movePointer(keys.begun(job), toJson(begun), undefined);
  // Whoever was first counts.
  return (await readBegun(store, job)) ?? begun;
}

async function findSource({ place, corpus }: JobSpec, logger: Logger, signal: AbortSignal): Promise<string> {
  if (place.kind === 'repository') return resolveRevision(place.repository, place.revision, signal);
  await requireFolder(place.folder);
  const digest = createHash('sha256');
  const folders = [{ directory: place.folder, name: basename(place.folder) }];
  await streamCorpus(folders, corpus, ({ path }, sha256) => void digest.update(`${path}\0${sha256}\n`), logger, signal);
  return digest.digest('hex');
}

async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new UserError(`${folder} is no folder.`, "Name one in 'folder' of the SPEC.");
}

/**
 * Brings the text of a job onto this machine.
 * @param work an empty folder for it
 * @returns the folder to train on
 */
export async function bringSource(spec: JobSpec, source: string, work: string, signal: AbortSignal): Promise<string> {
  if (spec.place.kind === 'folder') return spec.place.folder;
  const { repository } = spec.place;
  const directory = join(work, repositoryName(repository));
  await checkOut(repository, source, directory, spec.limits, signal);
  return directory;
}

/** As git names the folder of a clone. */
function repositoryName(repository: string): string {
  const last = repository.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '';
  return (
    last
      .replace(/\.git$/, '')
      .replaceAll(/[^\w.-]/g, '-')
      .replace(/^\.*$/, '') || 'repository'
  );
}
