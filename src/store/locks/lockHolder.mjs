import { identityOf, processSpace, stateOf } from './processIdentity.mjs';

/** @typedef {import('./processIdentity.mjs').ProcessIdentity} ProcessIdentity */

/**
 * Who has a lock.
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} startedAt
 * @property {string} space in which the process number means something: see `processSpace`
 * @property {ProcessIdentity | null} parent of that process
 * @property {string} purpose in the words of whoever took it
 * @property {string} since ISO 8601
 */

/** @typedef {import('./lockEntry.mjs').Entry} Entry */

/** Looks at a holder without a sign of life until it is taken to be gone. */
const silentLooks = 10;
/** Looks at a holder whose parent is gone, until it is taken to stay; a step of a training may take seconds. */
const orphanLooks = 240;
/** Between two looks at a process of our own space. */
export const lookMs = 250;
/**
 * @param {string} purpose
 * @returns {Promise<Holder>} this process
 */
export async function ownHolder(purpose) {
  const parent = process.ppid > 0 ? await identityOf(process.ppid) : null;
  const own = { ...(await identityOf(process.pid)), space: await processSpace() };
  return { ...own, parent, purpose, since: new Date().toISOString() };
}

/**
 * @param {Holder} holder
 * @param {number} beat
 * @returns {string} of the same length for each count
 */
export function contentOf(holder, beat) {
  return JSON.stringify({ ...holder, beat: String(beat).padStart(15, '0') });
}

/**
 * @param {string} content
 * @returns {Holder | undefined} undefined where it is torn or not ours
 */
function parseHolder(content) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(content);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !Number.isInteger(value.pid))
      return undefined;
    const holder = /** @type {Holder} */ (value);
    return { ...{ startedAt: '', space: '', parent: null, purpose: '', since: '' }, ...holder };
  } catch {
    return undefined;
  }
}

/**
 * Judges the holder of a lock, look after look.
 * @param {number} beatMs
 * @returns {(entry: Entry) => Promise<{verdict: 'gone' | 'stays' | 'waits', holder: Holder | undefined, pauseMs: number}>}
 * `waits`: whether it stays will be known soon; `pauseMs`: until the next look
 */
export function createJudge(beatMs) {
  /** @type {Entry | undefined} */
  let last;
  let [silent, orphaned] = [0, 0];
  return async (entry) => {
    const before = last?.name === entry.name ? last : undefined;
    last = entry;
    silent = before?.content === entry.content ? silent + 1 : 0;
    const holder = parseHolder(entry.content);
    const state = await holderState(holder, entry.name === null);
    if (state === 'gone') return { verdict: 'gone', holder, pauseMs: 0 };
    if (state === 'orphaned' && ++orphaned <= orphanLooks) return { verdict: 'waits', holder, pauseMs: lookMs };
    if (state !== 'unknown') return { verdict: 'stays', holder, pauseMs: lookMs };
    if (silent >= silentLooks) return { verdict: 'gone', holder, pauseMs: 0 };
    const beats = before !== undefined && silent === 0;
    return { verdict: beats ? 'stays' : 'waits', holder, pauseMs: beatMs };
  };
}

/**
 * @param {Holder | undefined} holder
 * @param {boolean} isOld whether it is of version 0.1.0, which knew no spaces
 * @returns {Promise<import('./processIdentity.mjs').ProcessState | 'orphaned'>}
 */
async function holderState(holder, isOld) {
  if (holder === undefined || (!isOld && holder.space !== (await processSpace()))) return 'unknown';
  const state = await stateOf(holder);
  const parent = state === 'running' && holder.parent !== null ? await stateOf(holder.parent) : 'unknown';
  return parent === 'gone' ? 'orphaned' : state;
}
