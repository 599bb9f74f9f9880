import type { Logger } from '../../core/logger';
import { prefixStatesOf, type EngineDocument } from './engineDocuments';
import type { IdleTime } from './idleTime';
import type { ModelSlot } from '../model/engineModel';

/** Reads in idle time what the next completion will need. */
export interface ReadAhead {
  /** Goes on, with this document first, as soon as nothing else is to do. */
  later(document: EngineDocument | undefined): void;
  /** Answers a request with all reading ahead paused, and goes on then. */
  after<Result>(document: EngineDocument | undefined, request: () => Promise<Result>): Promise<Result>;
}

/** Whoever types is idle when nothing has come for so long; what is of no use to the next completion waits longer. */
const pauseMs = 50;

/** @param idleTime told of what is asked and written */
export function createReadAhead(slot: ModelSlot, idleTime: IdleTime, logger: Logger): ReadAhead {
  let latest: EngineDocument | undefined;
  let requests = 0;
  /** Aborted by every message. */
  let reading = new AbortController();

  function later(document: EngineDocument | undefined): void {
    latest = document ?? latest;
    if (document !== undefined) idleTime.touched();
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    const timer = setTimeout(() => {
      read(signal).catch((error: unknown) => logger.error(`Reading ahead failed: ${String(error)}`));
    }, pauseMs);
    timer.unref();
  }

  async function read(signal: AbortSignal): Promise<void> {
    for (let more = true; more && !signal.aborted && requests === 0;) more = await readSlice();
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
    async after(document, request) {
      requests++;
      try {
        return await idleTime.during(request);
      } finally {
        requests--;
        later(document);
      }
    },
  };
}

/** What stands in the document once the line that was drawn at its cursor is accepted. */
function suggestionAt({ drawn, cursor }: EngineDocument): string {
  return drawn?.last?.offset === cursor ? drawn.last.line.characters.join('') : '';
}
