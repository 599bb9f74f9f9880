import type { ModelSession } from '../../inference/session';
import type { CompletionTiming } from '../../protocol/engine';

type Part = 'prefixMs' | 'networkMs' | 'memoryMs';

/** Watches where the time of one completion goes. */
export interface Clock {
  time<Result>(part: Part, work: () => Promise<Result>): Promise<Result>;
  timeSync(part: Part, work: () => unknown): void;
  /** The session, its single steps counted as the network's part. */
  watch(session: ModelSession): ModelSession;
  /** @param characters that were drawn */
  timing(characters: number): CompletionTiming;
}

/** Starts now. */
export function createClock(): Clock {
  const startMs = performance.now();
  const startUsage = process.cpuUsage();
  const parts = { prefixMs: 0, networkMs: 0, memoryMs: 0 };

  async function time<Result>(part: Part, work: () => Promise<Result>): Promise<Result> {
    const fromMs = performance.now();
    try {
      return await work();
    } finally {
      parts[part] += performance.now() - fromMs;
    }
  }

  return {
    time,
    timeSync(part, work) {
      const fromMs = performance.now();
      work();
      parts[part] += performance.now() - fromMs;
    },
    watch: (session) => ({ ...session, step: (...input) => time('networkMs', () => session.step(...input)) }),
    timing(characters) {
      const { user, system } = process.cpuUsage(startUsage);
      return { characters, totalMs: performance.now() - startMs, processorMs: (user + system) / 1000, ...parts };
    },
  };
}
