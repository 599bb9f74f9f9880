/** How a worker holds a job. */
export interface LeaseOptions {
  /** Tells the engine that the job is alive. @returns whether it is still this worker's; rejects where there is no answer */
  readonly beat: () => Promise<boolean>;
  readonly everyMs: number;
  /** The engine gives the job to another worker where it has heard nothing for so long. */
  readonly termMs: number;
}

/** What a worker holds a job by. */
export interface Lease {
  /** Aborted when the engine may have given the job to another; its reason is a sentence. */
  readonly lost: AbortSignal;
  /** The job has ended: there is nothing to lose any more. */
  release(): void;
}

/**
 * Holds a job for as long as the engine answers: who is cut off is told by nobody that the job is another's, and counts the
 * time himself. It counts from when a heartbeat was sent, whenever its answer comes: a slow engine takes nothing away.
 */
export function holdLease({ beat, everyMs, termMs }: LeaseOptions): Lease {
  const lost = new AbortController();
  /** That of the last heartbeat which was answered, and those of later ones. */
  const terms: NodeJS.Timeout[] = [];
  const release = (): void => {
    clearInterval(interval);
    terms.forEach(clearTimeout);
  };
  const lose = (reason: string): void => {
    release();
    lost.abort(reason);
  };
  const begin = (): NodeJS.Timeout => {
    const term = setTimeout(lose, termMs, `Temporal has not answered for ${termMs / 1000} s.`);
    terms.push(term);
    return term;
  };
  const renew = async (): Promise<void> => {
    const term = begin();
    try {
      if (!(await beat())) lose('Temporal no longer waits for it.');
    } catch {
      return; // no answer: the term before it goes on
    }
    const index = terms.indexOf(term);
    // None: a later one was answered first.
    if (index > 0) terms.splice(0, index).forEach(clearTimeout);
  };
  begin();
  const interval = setInterval(() => void renew(), everyMs);
  return { lost: lost.signal, release };
}
