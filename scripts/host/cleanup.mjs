/** What must be undone when a script ends, however it ends: by itself, by an error, or by Ctrl-C. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * @typedef {(mayWait: boolean) => void | Promise<void>} Cleanup
 * mayWait: false when the process is on its way out and only what is done at once still happens
 */

/** @type {Set<Cleanup>} */
const cleanups = new Set();
let watching = false;

/** The newest first, each once. */
function nextCleanup() {
  const cleanup = [...cleanups].at(-1);
  if (cleanup !== undefined) cleanups.delete(cleanup);
  return cleanup;
}

async function endBySignal(/** @type {number} */ exitCode) {
  for (let cleanup = nextCleanup(); cleanup !== undefined; cleanup = nextCleanup()) await cleanup(true);
  process.exit(exitCode);
}

function endAtOnce() {
  for (let cleanup = nextCleanup(); cleanup !== undefined; cleanup = nextCleanup()) void cleanup(false);
}

function watchForTheEnd() {
  if (watching) return;
  watching = true;
  process.on('exit', endAtOnce);
  for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
    let repeated = false;
    process.on(signal, () => {
      if (repeated) process.exit(128 + number);
      repeated = true;
      void endBySignal(128 + number);
    });
  }
}

/**
 * Runs `cleanup` when the process ends, unless the function it returns was called before.
 * @param {Cleanup} cleanup
 * @returns {() => void}
 */
export function atExit(cleanup) {
  watchForTheEnd();
  cleanups.add(cleanup);
  return () => void cleanups.delete(cleanup);
}

/**
 * A new empty folder that is gone when the process has ended.
 * @param {string} name
 */
export async function temporaryFolder(name) {
  const folder = await mkdtemp(path.join(tmpdir(), `recur-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const forget = atExit(remove);
  return {
    folder,
    remove: () => {
      remove();
      forget();
    },
  };
}

/** @typedef {() => void | Promise<void>} Closer */

/** Collects what must be closed, and closes it in reverse order, each once. */
export function closerStack() {
  /** @type {Closer[]} */
  const closers = [];
  return {
    later: (/** @type {Closer} */ closer) => void closers.push(closer),
    closeAll: async () => {
      for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
    },
  };
}

/**
 * Runs `body` and then closes what it has named, also when it throws.
 * @template Result
 * @param {(later: (closer: Closer) => void) => Promise<Result>} body
 * @returns {Promise<Result>}
 */
export async function closingAll(body) {
  const { later, closeAll } = closerStack();
  try {
    return await body(later);
  } finally {
    await closeAll();
  }
}
