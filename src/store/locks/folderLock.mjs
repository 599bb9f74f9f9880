import { setTimeout as delay } from 'node:timers/promises';
import { placeLock, readEntry, removeEntry, removeLeftovers, showLife } from './lockEntry.mjs';
import { contentOf, createJudge, lookMs, ownHolder } from './lockHolder.mjs';

/** @typedef {import('./lockHolder.mjs').Holder} Holder */

/*
 * A lock that is right where a file system has no hard links and no locks of its own, where process numbers come again and
 * where they mean something else: in containers, on another machine, on Windows. Node has no file locks, and the packages that
 * have them (native ones) can neither be used before anything is installed nor in the extension host.
 *
 * The lock is a folder with one file, whose name no other lock ever has. It comes into being whole, by renaming a folder that
 * holds the file already: that fails wherever a folder with something in it stands. A lock that was left behind is opened by
 * removing its file by name, which cannot hurt whoever has taken the lock in between.
 *
 * A holder in our own space of process numbers is judged by its number and its start time. Any other is judged by whether the
 * count in its file goes up: so many looks without that, each a beat apart, and it is gone. Looks are counted, not seconds, so
 * that a machine that slept does not find everybody gone.
 */

/**
 * @typedef {object} HeldLock
 * @property {AbortSignal} lost aborted when another process has taken the lock, because this one was stopped for long
 * @property {() => Promise<void>} release
 */

/**
 * @typedef {object} LockOptions
 * @property {string} purpose
 * @property {boolean} [wait] until the holder is done; otherwise only until it is known to be there, or has ended while its
 * parent is gone already
 * @property {AbortSignal} [signal] ends the waiting
 * @property {(holder: Holder | undefined) => void} [onWait] called once, when it has to be waited for; without the holder
 * where it cannot be read
 * @property {number} [beatMs] between two signs of life, the same for all who use this lock
 */

const defaultBeatMs = 2_000;
/** Looks at a lock that is neither free nor held, which it can be for moments only. */
const emptyLooks = 40;

/**
 * Takes a lock. Whatever was left behind by a process that is gone is taken over.
 * @param {string} lock path of its folder
 * @param {LockOptions} options
 * @returns {Promise<HeldLock | {holder: Holder | undefined}>} the holder where it stays with another process
 * @throws where the folder around it cannot be written to, or `signal` is aborted
 */
export async function takeLock(lock, { purpose, wait = false, signal, onWait, beatMs = defaultBeatMs }) {
  const own = await ownHolder(purpose);
  const judge = createJudge(beatMs);
  let [looks, waits] = [0, 0];
  for (;;) {
    signal?.throwIfAborted();
    const entry = await readEntry(lock);
    if (entry === undefined) {
      const name = await placeLock(lock, contentOf(own, 0));
      if (name !== undefined) return hold(lock, name, own, beatMs);
      // Whoever has placed theirs in between is looked at without delay.
      if (looks++ === 0) continue;
      if (looks > emptyLooks) throw new Error(`The lock ${lock} cannot be taken. Delete it if nothing uses it.`);
      await delay(Math.min(lookMs, beatMs));
      continue;
    }
    looks = 0;
    const { verdict, holder, pauseMs } = await judge(entry);
    if (verdict === 'gone') {
      await removeEntry(lock, entry.name);
      continue;
    }
    if (verdict === 'stays' && !wait) return { holder };
    if (waits++ === 0) onWait?.(holder);
    await delay(pauseMs, undefined, { signal });
  }
}

/**
 * @param {string} lock
 * @param {string} name
 * @param {Holder} holder
 * @param {number} beatMs
 * @returns {Promise<HeldLock>}
 */
async function hold(lock, name, holder, beatMs) {
  const [lost, released] = [new AbortController(), new AbortController()];
  await removeLeftovers(lock);
  const beating = keepBeating(lock, name, holder, beatMs, released.signal).catch(() => lost.abort());
  return {
    lost: lost.signal,
    async release() {
      released.abort();
      await beating;
      await removeEntry(lock, name).catch(() => undefined);
    },
  };
}

/**
 * Shows life until the lock is released.
 * @param {string} lock
 * @param {string} name
 * @param {Holder} holder
 * @param {number} beatMs
 * @param {AbortSignal} released
 * @throws when another process has the lock
 */
async function keepBeating(lock, name, holder, beatMs, released) {
  for (let beat = 1; ; beat++) {
    await delay(beatMs, undefined, { ref: false, signal: released }).catch(() => undefined);
    if (released.aborted) return;
    if (await showLife(lock, name, contentOf(holder, beat))) continue;
    if ((await readEntry(lock).catch(() => undefined)) !== undefined) throw new Error(`${lock} was taken over.`);
    // The folder around it was deleted; whoever holds the lock may be writing it again.
    await placeLock(lock, contentOf(holder, beat), name).catch(() => undefined);
  }
}
