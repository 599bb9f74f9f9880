import { Worker } from 'node:worker_threads';

const everyMs = 2_000;

/** Runs in a thread; a process that was given another parent has lost its own, and on Windows none is given. */
const watching = `
  const { workerData: parent } = require('node:worker_threads');
  setInterval(() => {
    let isThere = process.ppid === parent;
    try {
      process.kill(parent, 0);
    } catch (error) {
      if (error.code !== 'EPERM') isThere = false;
    }
    if (!isThere) process.kill(process.pid, 'SIGKILL');
  }, ${everyMs});
`;

/**
 * Ends this process when its parent is gone, even where the main thread never comes back from native code and so never hears
 * of it as `serveParent` would.
 */
export function endWhenOrphaned(): void {
  new Worker(watching, { eval: true, workerData: process.ppid }).unref();
}
