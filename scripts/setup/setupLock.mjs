import path from 'node:path';
import { takeLock } from '../../src/store/locks/folderLock.mjs';

/**
 * Runs a task while no other set-up of the same project runs; a second one waits until the first is done or gone.
 * @template Result
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @param {() => Promise<Result>} task
 * @returns {Promise<Result>}
 */
export async function withSetupLock(root, log, task) {
  const taken = await takeLock(path.join(root, '.cache', 'setup.lock'), {
    purpose: 'set-up',
    wait: true,
    onWait: (holder) =>
      log(`waiting for another set-up of this project${holder === undefined ? '' : ` (process ${holder.pid})`} …`),
  });
  if ('holder' in taken) throw new Error('Another set-up of this project runs.');
  try {
    return await task();
  } finally {
    await taken.release();
  }
}
