import { availableParallelism } from 'node:os';
import { cpu } from 'systeminformation';

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

/** Two hardware threads of a core share its arithmetic units. */
async function physicalCores(): Promise<number> {
  const usable = availableParallelism();
  const { physicalCores: found } = await cpu().catch(() => ({ physicalCores: usable }));
  return found > 0 ? Math.min(found, usable) : usable;
}
