import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import { sha256Of } from '../core/sha256';
import { readJson, readVerified, writeDurably } from '../store/atomicFile';
import { checkpointSchema, type Checkpoint } from '../store/files';
import { paths } from '../store/modelDirectory';
import { TemporaryError, type ObjectStore } from '../objectStore/objectStore';
import { keys } from './keys';
import {
  DamagedError,
  parseStored,
  readChecked,
  readStored,
  storedCheckpointSchema,
  storeVersion,
  toJson,
  type StoredCheckpoint,
} from './storedFiles';

/** Files of a checkpoint lie in its folder, these beside that in the run's. */
const runFiles = ['configuration.json', 'history.jsonl'];
const manifestName = 'manifest.json';

/** A checkpoint as it was on the disk, whole. */
export interface TakenCheckpoint {
  readonly run: string;
  readonly step: number;
  /** Rounds that have ended, where several machines train. */
  readonly round: number;
  /** Whether the budget is used up: whoever went on from here would train for another one. */
  readonly isEnd: boolean;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Reads a checkpoint that the trainer has just written, before it writes the one after the next in its place. */
export async function takeCheckpoint(directory: string, step: number): Promise<TakenCheckpoint> {
  const manifest = await readJson(join(directory, manifestName), checkpointSchema);
  if (manifest?.step !== step) throw new Error(`The checkpoint of step ${step} is gone already.`);
  const files = new Map([[manifestName, await readFile(join(directory, manifestName))]] as [string, Uint8Array][]);
  for (const { name, bytes, sha256 } of manifest.files) {
    files.set(name, await readVerified(join(directory, name), bytes, sha256));
  }
  const run = dirname(directory);
  for (const name of runFiles) files.set(name, await readFile(join(run, name)));
  return { run: basename(run), step, round: manifest.common?.round ?? 0, isEnd: isEnd(manifest), files };
}

function isEnd({ leg, step, epoch }: Checkpoint): boolean {
  const { steps = Infinity, epochs = Infinity } = leg.budget;
  return step - leg.startStep >= steps || epoch - leg.startEpochs >= epochs;
}

/**
 * Makes a checkpoint the one that the job, or a machine of it, goes on from. One of a later step stays: another worker is further.
 * @returns whether it was stored
 */
export async function storeCheckpoint(store: ObjectStore, owner: string, taken: TakenCheckpoint): Promise<boolean> {
  const before = await readTagged(store, owner);
  if (before !== undefined && !isFurther(taken, before.content)) return false;
  const attempt = randomUUID();
  for (const [name, data] of taken.files) await store.write(keys.checkpointFile(owner, attempt, name), data);
  const stored: StoredCheckpoint = {
    formatVersion: storeVersion,
    ...{ run: taken.run, step: taken.step, round: taken.round, attempt },
    files: [...taken.files].map(([name, data]) => ({ name, sha256: sha256Of(data) })),
  };
  const isMoved = await store.movePointer(keys.checkpoint(owner), toJson(stored), before?.tag);
  const isStored = isMoved || (await readTagged(store, owner))?.content.attempt === attempt;
  const useless = isStored ? before?.content : stored;
  if (useless !== undefined) await removeFiles(store, owner, useless);
  return isStored;
}

type Progress = Pick<StoredCheckpoint, 'step' | 'round'>;

function isFurther(one: Progress, other: Progress): boolean {
  return one.step > other.step || (one.step === other.step && one.round > other.round);
}

/** Rounds that are behind a machine's checkpoint. */
export async function storedRound(store: ObjectStore, owner: string): Promise<number> {
  return (await readTagged(store, owner))?.content.round ?? 0;
}

function readTagged(store: ObjectStore, owner: string) {
  return readStored(store, keys.checkpoint(owner), storedCheckpointSchema);
}

async function removeFiles(store: ObjectStore, owner: string, { attempt, files }: StoredCheckpoint): Promise<void> {
  for (const { name } of files) await store.remove(keys.checkpointFile(owner, attempt, name));
}

/** How far a checkpoint is. */
export interface Reached {
  readonly step: number;
  /** Trained so far. */
  readonly seconds: number;
  /** Read to their ends. */
  readonly epochs: number;
}

/**
 * Lays the job's checkpoint out in a model directory, as a run that can be gone on with.
 * @returns undefined where there is none, or a damaged one, which is removed: then the job begins anew
 * @throws TemporaryError where it cannot be laid out here; it stays for others
 */
export async function restoreCheckpoint(
  store: ObjectStore,
  owner: string,
  out: string,
  logger: Logger,
): Promise<Reached | undefined> {
  const stored = (await readTagged(store, owner))?.content;
  if (stored === undefined) return undefined;
  let whole: WholeCheckpoint;
  try {
    whole = await readWhole(store, owner, stored);
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    // Another worker may have replaced it meanwhile.
    const newer = (await readTagged(store, owner))?.content;
    if (newer !== undefined && newer.attempt !== stored.attempt) return restoreCheckpoint(store, owner, out, logger);
    logger.warn(`The job begins anew: ${describeError(error)}`);
    await forgetCheckpoint(store, owner);
    return undefined;
  }
  await layOut(whole.files, paths.run(out, stored.run));
  const { seconds, epoch } = whole.manifest;
  return { step: stored.step, seconds, epochs: epoch };
}

interface WholeCheckpoint {
  readonly manifest: Checkpoint;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** @throws DamagedError */
async function readWhole(
  store: ObjectStore,
  owner: string,
  { attempt, files: named }: StoredCheckpoint,
): Promise<WholeCheckpoint> {
  const keyOf = (name: string): string => keys.checkpointFile(owner, attempt, name);
  const files = new Map<string, Uint8Array>();
  for (const { name, sha256 } of named) files.set(name, await readChecked(store, keyOf(name), sha256));
  const manifest = files.get(manifestName) ?? new Uint8Array();
  return { files, manifest: parseStored(manifest, checkpointSchema, { key: keyOf(manifestName), store }) };
}

async function layOut(files: WholeCheckpoint['files'], run: string): Promise<void> {
  const [folder] = paths.checkpoints(run);
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, data] of files) await writeDurably(join(runFiles.includes(name) ? run : folder, name), data);
  } catch (error) {
    throw new TemporaryError(
      `The checkpoint cannot be laid out in ${run} (${describeError(error)}).`,
      'Make that folder writable, with room in it, or name another one with --work, and try again.',
    );
  }
}

/** Removes what a job that has ended no longer needs. */
export async function forgetCheckpoint(store: ObjectStore, owner: string): Promise<void> {
  const stored = (await readTagged(store, owner))?.content;
  if (stored === undefined) return;
  await store.removePointer(keys.checkpoint(owner));
  await removeFiles(store, owner, stored);
}
