/** Int32 values of a barrier's shared memory: how many have arrived, and how often all have. */
export const barrierLength = 2;
const arrivedAt = 0;
const roundAt = 1;

/** Time-outs are counted in slices: one that takes longer, because the machine sleeps, counts as one all the same. */
export const sliceMs = 500;

/**
 * Blocks this thread until `count` threads have arrived, and writes of each before are seen by all after.
 * @throws Error where the others do not come in time
 */
export function waitForAll(barrier: Int32Array, count: number, timeoutMs: number): void {
  const round = Atomics.load(barrier, roundAt);
  if (Atomics.add(barrier, arrivedAt, 1) === count - 1) {
    Atomics.store(barrier, arrivedAt, 0);
    Atomics.add(barrier, roundAt, 1);
    Atomics.notify(barrier, roundAt);
    return;
  }
  let waitedMs = 0;
  while (Atomics.load(barrier, roundAt) === round) {
    if (Atomics.wait(barrier, roundAt, round, sliceMs) !== 'timed-out') continue;
    waitedMs += sliceMs;
    if (waitedMs >= timeoutMs) throw new Error('another training thread does not answer');
  }
}
