import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { ObjectStore } from '../objectStore/objectStore';
import { storeCheckpoint, takeCheckpoint, type TakenCheckpoint } from './jobCheckpoints';
import { readResult } from './publishing';

/** Brings the checkpoints of a training into the store while it goes on. */
export interface CheckpointUpload {
  /** A checkpoint lies in this directory; it is read at once. Where the store is slow, only the newest one waits. */
  readonly take: (directory: string, step: number) => void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  /** Aborted when the job has a result: another worker has finished it. */
  readonly isOver: AbortSignal;
  /** Looks whether that is so. */
  look(): Promise<void>;
  /** The step that the job can be gone on with from; null: from nowhere. */
  step(): number | null;
}

/**
 * A checkpoint that cannot be stored ends no training: the next one is tried, and the result in the end.
 * @param owner whose checkpoints they are: the job itself, or a machine of it
 */
export function createCheckpointUpload(
  store: ObjectStore,
  { job, owner }: { readonly job: string; readonly owner: string },
  restored: number | null,
  { stored, logger }: { readonly stored: (step: number) => void; readonly logger: Logger },
): CheckpointUpload {
  const over = new AbortController();
  let reached = restored;
  let waiting: Promise<TakenCheckpoint> | undefined;
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    if ((await readResult(store, job)) !== undefined) over.abort();
  }

  async function upload(reading: Promise<TakenCheckpoint>): Promise<void> {
    const taken = await reading;
    if (taken.isEnd) return;
    await look();
    if (over.signal.aborted) return;
    if (await storeCheckpoint(store, owner, taken)) {
      reached = taken.step;
      stored(taken.step);
    } else logger.warn('Another worker is further with this job; its checkpoint stays.');
  }

  async function uploadAll(): Promise<void> {
    for (let next = waiting; next !== undefined && !over.signal.aborted; next = waiting) {
      waiting = undefined;
      await upload(next).catch((error: unknown) =>
        logger.warn(`A checkpoint is not in the store: ${describeError(error)}`),
      );
    }
  }

  return {
    isOver: over.signal,
    look,
    step: () => reached,
    take(directory, step) {
      // To begin anew costs less than the first one; what is over needs none.
      if (step === 0 || over.signal.aborted) return;
      waiting = takeCheckpoint(directory, step);
      waiting.catch(() => undefined); // told where it is uploaded
      running ??= uploadAll().finally(() => (running = undefined));
    },
    async settled() {
      while (running !== undefined) await running;
    },
  };
}
