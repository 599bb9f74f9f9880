import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cpu } from 'systeminformation';
import type { ReplicaOptions } from '../training/threads/replicaStepper';

/** The bundle of the training threads lies beside the trainer's. */
const entry = join(__dirname, 'replica.js');

/** Products of fewer streams leave a core's units empty. */
export const leastStreams = 8;

/**
 * Training threads for a batch of so many streams.
 * @param asked 0: one for each physical core, as long as each has enough streams to be worth it
 */
export async function replicaCount(asked: number, batch: number): Promise<number> {
  if (asked > 0) return Math.min(asked, batch);
  return Math.max(1, Math.min(await physicalCores(), Math.floor(batch / leastStreams)));
}

/** The training threads for a batch of so many streams. */
export async function replicasFor(asked: number, batch: number): Promise<ReplicaOptions> {
  return { entry, count: await replicaCount(asked, batch) };
}

let known: Promise<number> | undefined;

/** Two hardware threads of a core share its arithmetic units. Asked once: other programs have to tell. */
function physicalCores(): Promise<number> {
  known ??= cpu().then(
    ({ physicalCores: found }) => (found > 0 ? Math.min(found, availableParallelism()) : availableParallelism()),
    () => availableParallelism(),
  );
  return known;
}
