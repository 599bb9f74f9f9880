import { setTimeout } from 'node:timers/promises';
import type { ReplicaOptions } from '../threads/replicaStepper';
import type { TrainingClock } from './trainingClock';

/** What a training is asked for while it runs; looked at between steps. */
export interface Interventions {
  /** Why it is to pause now, as a sentence; null: it goes on. */
  pauseReason(): string | null;
  /** Threads to go on with, where others were asked for since the last call; null: as before. */
  takeReplicas(): Promise<ReplicaOptions> | null;
}

/** Nothing is asked for. */
export const noInterventions: Interventions = { pauseReason: () => null, takeReplicas: () => null };

const lookEveryMs = 500;

/**
 * Waits as long as a pause is asked for, or until the signal aborts. The time is left out of the clock.
 * @param tell told the reason when it begins, and null when it ends
 */
export async function waitThroughPause(
  interventions: Interventions,
  clock: TrainingClock,
  signal: AbortSignal,
  tell: (reason: string | null) => void,
): Promise<void> {
  const reason = interventions.pauseReason();
  if (reason === null) return;
  tell(reason);
  await clock.leaveOut(async () => {
    while (interventions.pauseReason() !== null && !signal.aborted) await setTimeout(lookEveryMs);
  });
  tell(null);
}
