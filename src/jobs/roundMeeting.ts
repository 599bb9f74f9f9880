import { setTimeout } from 'node:timers/promises';
import { UserError } from '../core/errors';
import { allFinite } from '../core/finite';
import { meanDifference } from '../core/roundSettings';
import { sha256Of } from '../core/sha256';
import { TemporaryError, type ObjectStore } from '../objectStore/objectStore';
import type { RoundStart, TrainerEvents } from '../protocol/trainer';
import type { CheckpointUpload } from './checkpointUpload';
import { forgetCheckpoint, storedRound } from './jobCheckpoints';
import { keys, ownerOf } from './keys';
import {
  differencesSchema,
  readChecked,
  readStored,
  startSchema,
  storeVersion,
  toJson,
  type Differences,
} from './storedFiles';

/** Where one of several machines meets the others: nowhere but in the store. */
export type RoundMeeting = Pick<TrainerEvents, 'agree' | 'meet'>;

/** What a machine meets the others with. */
export interface MeetingContext {
  readonly store: ObjectStore;
  readonly job: string;
  /** This one, from 0. */
  readonly machine: number;
  readonly machines: number;
  /** How long it waits for another one in each round. */
  readonly waitMinutes: number;
  readonly upload: Pick<CheckpointUpload, 'settled' | 'look'>;
  /** Told of each round that all have ended. */
  readonly ended: (round: number) => void;
  readonly signal: AbortSignal;
}

/** Between two looks at the store: at first, and at most. */
const lookMs = { least: 50, most: 2_000 };
/** Of its own differences; nobody wants older ones, since whoever tells one has a checkpoint behind the round before. */
const keptRounds = 2;
/** Another process of the same machine may be as fast. */
const mostTries = 100;

export function createRoundMeeting(context: MeetingContext): RoundMeeting {
  const { store, job, machine, machines, upload, ended, signal } = context;
  return {
    async agree(proposal) {
      await store.movePointer(keys.start(job), toJson({ formatVersion: storeVersion, ...proposal }), undefined);
      const start = await readStored(store, keys.start(job), startSchema);
      // Where it is gone again, the job was finished meanwhile.
      await upload.look();
      signal.throwIfAborted();
      return (start?.content as RoundStart | undefined) ?? proposal;
    },
    async meet(round, difference) {
      await upload.settled();
      signal.throwIfAborted();
      const own = ownerOf(job, machine);
      // Others may remove what this machine needs to go on from an older one.
      if ((await storedRound(store, own)) < round - 1) {
        throw new TemporaryError(`The checkpoint after round ${round - 1} is not in ${store.name}.`, 'Try again.');
      }
      await publishDifference(store, own, round, difference);
      const differences: Float32Array[] = [];
      for (let index = 0; index < machines; index++) {
        differences.push(await waitForDifference(context, index, round, difference.length));
      }
      await removeDifferences(store, own, round);
      ended(round);
      return meanDifference(differences);
    },
  };
}

async function readDifferences(
  store: ObjectStore,
  owner: string,
): Promise<{ rounds: Differences; tag: string | undefined }> {
  const stored = await readStored(store, keys.differences(owner), differencesSchema);
  return { rounds: stored?.content.rounds ?? [], tag: stored?.tag };
}

/** Tells a difference once: where an earlier attempt of this machine has told one, that one counts. */
async function publishDifference(
  store: ObjectStore,
  owner: string,
  round: number,
  difference: Float32Array,
): Promise<void> {
  const data = new Uint8Array(difference.buffer, difference.byteOffset, difference.byteLength);
  const sha256 = sha256Of(data);
  for (let tries = 0; tries < mostTries; tries++) {
    const { rounds, tag } = await readDifferences(store, owner);
    if (rounds.some((told) => told.round >= round)) return;
    await store.write(keys.difference(owner, sha256), data);
    const told = [...rounds, { round, sha256 }].slice(-keptRounds);
    const pointer = toJson({ formatVersion: storeVersion, rounds: told });
    if (await store.movePointer(keys.differences(owner), pointer, tag)) return;
  }
  throw new TemporaryError(`Too many tell differences of the same machine in ${store.name}.`, 'Try again.');
}

/** Removes what a machine has told before a round that all have ended. */
async function removeDifferences(store: ObjectStore, owner: string, before: number): Promise<void> {
  const { rounds } = await readDifferences(store, owner);
  const kept = new Set(rounds.filter(({ round }) => round >= before).map(({ sha256 }) => sha256));
  for (const { sha256 } of rounds) if (!kept.has(sha256)) await store.remove(keys.difference(owner, sha256));
}

async function waitForDifference(
  { store, job, machines, waitMinutes, upload, signal }: MeetingContext,
  machine: number,
  round: number,
  length: number,
): Promise<Float32Array> {
  const owner = ownerOf(job, machine);
  const until = performance.now() + waitMinutes * 60_000;
  for (let pauseMs = lookMs.least; ; pauseMs = Math.min(lookMs.most, pauseMs * 2)) {
    const { rounds } = await readDifferences(store, owner);
    const told = rounds.find((candidate) => candidate.round === round);
    if (told !== undefined) return readDifference(store, keys.difference(owner, told.sha256), told.sha256, length);
    // Whoever has finished the job removes what it was made of.
    await upload.look();
    signal.throwIfAborted();
    if (rounds.some((candidate) => candidate.round > round)) {
      throw new TemporaryError(
        `The other machines of job ${job} are past round ${round} already.`,
        `Run this one again; where that does not help, remove jobs/${job} from the store and begin anew.`,
      );
    }
    if (performance.now() > until) {
      throw new TemporaryError(
        `Machine ${machine + 1} of ${machines} of job ${job} has not ended round ${round} within ${waitMinutes} minutes.`,
        'See that it runs, with the same SPEC and the same text, and run this one again.',
      );
    }
    await setTimeout(pauseMs, undefined, { signal });
  }
}

/**
 * Reads the difference of a machine.
 * @param length values that it must have
 * @throws UserError where it is missing, another one, of another length or holds what is no number
 */
export async function readDifference(
  store: ObjectStore,
  key: string,
  sha256: string,
  length: number,
): Promise<Float32Array> {
  const data = await readChecked(store, key, sha256);
  const refuse = (what: string): UserError =>
    new UserError(`${key} in ${store.name} ${what}.`, 'Remove the job from the store and begin anew.');
  const bytes = length * Float32Array.BYTES_PER_ELEMENT;
  if (data.length !== bytes) throw refuse(`has ${data.length} bytes, where the difference of this model has ${bytes}`);
  // A copy, since what was read need not be aligned.
  const values = new Float32Array(Uint8Array.from(data).buffer);
  if (allFinite(values)) return values;
  throw refuse('holds values that are no numbers');
}

/** Removes what the machines of a job that has ended no longer need. */
export async function forgetRounds(store: ObjectStore, job: string, machines: number): Promise<void> {
  for (let machine = 0; machine < machines; machine++) {
    const owner = ownerOf(job, machine);
    await removeDifferences(store, owner, Infinity);
    await store.removePointer(keys.differences(owner));
    await forgetCheckpoint(store, owner);
  }
  await store.removePointer(keys.start(job));
}
