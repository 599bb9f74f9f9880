import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 500;
/** Time that a process may take between making its lock and writing its id into it. */
const writingMs = 5_000;

/**
 * Runs a task while no other set-up of the same project runs; a second one waits until the first is done or gone.
 * @template Result
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @param {() => Promise<Result>} task
 * @returns {Promise<Result>}
 */
export async function withSetupLock(root, log, task) {
  const file = path.join(root, '.cache', 'setup.lock');
  mkdirSync(path.dirname(file), { recursive: true });
  for (let waits = 0; !tryLock(file); waits++) {
    if (waits === 0) {
      log('waiting for another set-up of this project …');
    }
    await delay(pollMs);
  }
  try {
    return await task();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether the lock is ours now
 */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAbandoned(file)) {
      rmSync(file, { force: true });
    }
    return false;
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether its process is gone, or was before it could write its id
 */
function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 ? !isAlive(pid) : Date.now() - statSync(file).mtimeMs > writingMs;
  } catch {
    return false; // It was released just now.
  }
}

/**
 * @param {number} pid
 * @returns {boolean} whether there is such a process, be it another user's
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
