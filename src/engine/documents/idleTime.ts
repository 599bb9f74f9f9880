import { giveWay } from '../../inference/readPrefix';

/** Time in which nobody waits for this process. */
export interface IdleTime {
  /** Something was opened, or written: for a while after it nothing is idle. */
  touched(): void;
  /** Nothing is idle during the work, and for a while after it. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves as soon as no request is being answered, whatever was written just now; until then nothing is idle. */
  answered(): Promise<void>;
  /**
   * Resolves as soon as documents are worked in and nobody waits, with a signal that is aborted when that is over or the given
   * one is. Rejected as soon as the given one is aborted.
   */
  next(signal: AbortSignal): Promise<AbortSignal>;
}

/** Whoever works has made a pause when nothing has come for so long. */
const pauseMs = 1_000;

export function createIdleTime(): IdleTime {
  let requests = 0;
  let idle: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();
  /** Resume when the last request is answered. */
  const behind = new Set<() => void>();

  function touched(): void {
    idle?.abort();
    idle = undefined;
    clearTimeout(timer);
    if (requests > 0) return;
    timer = setTimeout(begin, pauseMs);
    timer.unref();
  }

  function begin(): void {
    idle = new AbortController();
    for (const resume of waiting) resume();
  }

  async function beginning(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        waiting.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      waiting.add(resume);
      signal.addEventListener('abort', resume);
    });
  }

  return {
    touched,
    async during(work) {
      requests++;
      touched();
      try {
        return await work();
      } finally {
        requests--;
        touched();
        if (requests === 0) for (const resume of behind) resume();
      }
    },
    async answered() {
      touched();
      while (requests > 0) {
        await new Promise<void>((resolve) => behind.add(resolve));
        behind.clear();
      }
    },
    async next(signal) {
      // What has come meanwhile is heard of first.
      await giveWay();
      for (;;) {
        signal.throwIfAborted();
        if (idle !== undefined) return AbortSignal.any([idle.signal, signal]);
        await beginning(signal);
      }
    },
  };
}

/** Resolves after a time; rejected as soon as the signal is aborted. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    timer.unref();
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  signal.throwIfAborted();
}
