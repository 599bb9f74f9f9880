import type { Logger } from '../core/logger';
import type { Remote } from '../ipc/channel';
import type { TrainerEvents } from '../protocol/trainer';

/** What a run is given beside the request. */
export interface RunContext {
  /** Of `performance.now()`, when the request arrived: the budget in minutes counts from there. */
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  /** Another number of threads that was asked for since the last call; null: none. */
  readonly takeThreads: () => number | null;
  readonly events: Remote<TrainerEvents>;
  readonly logger: Logger;
}
