import type { Logger } from '../core/logger';
import { prefixStatesOf, type EngineDocument } from './engineDocuments';
import type { ModelSlot } from './engineModel';

/** Reads in idle time what the next completion will need. */
export interface ReadAhead {
  /** Goes on, with this document first, as soon as nothing else is to do. */
  later(document: EngineDocument | undefined): void;
  /** Answers a request with all reading ahead paused, and goes on then. */
  after<Result>(document: EngineDocument | undefined, request: () => Promise<Result>): Promise<Result>;
  /** Whether documents are worked in, and nothing was asked or written for a while. */
  isIdle(): boolean;
}

/** Whoever types is idle when nothing has come for so long. */
const idleMs = 50;
/** What is of no use to the next completion waits longer. */
const longIdleMs = 1_000;

export function createReadAhead(slot: ModelSlot, logger: Logger): ReadAhead {
  let latest: EngineDocument | undefined;
  let requests = 0;
  /** Raised by every message: who reads for an older one stops. */
  let turn = 0;
  let lastMs = Infinity;

  function later(document: EngineDocument | undefined): void {
    latest = document ?? latest;
    if (document !== undefined) lastMs = performance.now();
    const own = ++turn;
    const timer = setTimeout(() => {
      read(own).catch((error: unknown) => logger.error(`Reading ahead failed: ${String(error)}`));
    }, idleMs);
    timer.unref();
  }

  async function read(own: number): Promise<void> {
    for (let more = true; more && own === turn && requests === 0;) more = await readSlice();
  }

  /** Whether there is more to read. */
  async function readSlice(): Promise<boolean> {
    const document = latest;
    if (document === undefined) return false;
    await document.scanned;
    const more = await slot.use(({ session }) =>
      document.excluded
        ? Promise.resolve(false)
        : prefixStatesOf(document, session).readAhead(document.text, document.cursor, suggestionAt(document)),
    );
    return more ?? false;
  }

  return {
    later,
    isIdle: () => requests === 0 && performance.now() - lastMs >= longIdleMs,
    async after(document, request) {
      requests++;
      try {
        return await request();
      } finally {
        requests--;
        later(document);
      }
    },
  };
}

/** What stands in the document once the line that was drawn at its cursor is accepted. */
function suggestionAt({ drawn, cursor }: EngineDocument): string {
  return drawn?.offset === cursor ? drawn.line.characters.join('') : '';
}
