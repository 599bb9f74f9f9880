import * as l10n from '@vscode/l10n';
import { UserError } from '../core/errors';
import { takeLock, type HeldLock } from './locks/folderLock.mjs';
import type { Holder } from './locks/lockHolder.mjs';
import { paths } from './modelDirectory';
import { processSpace } from './locks/processIdentity.mjs';

export type { HeldLock } from './locks/folderLock.mjs';

/** What a model directory is locked for, and how that is told to whoever comes second. */
const purposes = {
  training: (directory: string) => l10n.t`Another training runs in ${directory}`,
  deleting: (directory: string) => l10n.t`Models are being deleted in ${directory}`,
  choosing: (directory: string) => l10n.t`Another model is put into use in ${directory}`,
};

/** What a model directory is locked for. */
export type LockPurpose = keyof typeof purposes;

export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Told once where the lock is not free at once and may become so within seconds: a process is ending, or may be gone. */
  readonly onWait?: (sentence: string) => void;
}

/**
 * Takes the lock of a model directory: whoever changes models or runs, be it a training, deleting or going back to another
 * model, does so alone. The lock of a process that is gone is taken over: at once where that can be told, after some 20 seconds
 * where it ran in another container, on another machine or on Windows. A process whose parent is gone is waited for.
 * @throws UserError where another process has it
 */
export async function acquireLock(
  directory: string,
  purpose: LockPurpose,
  { signal, onWait }: LockOptions = {},
): Promise<HeldLock> {
  const space = await processSpace();
  const sentenceOf = (holder: Holder | undefined): string => describeUse(directory, holder, space);
  const taken = await takeLock(paths.lock(directory), {
    purpose,
    ...(signal && { signal }),
    onWait: (holder) => onWait?.(l10n.t`${sentenceOf(holder)} It is waited for: it may be gone, or ending.`),
  });
  if (!('holder' in taken)) return taken;
  throw new UserError(sentenceOf(taken.holder), l10n.t('Wait for it to end, or stop it.'));
}

/** Runs a task under the lock of a model directory ({@link acquireLock}). */
export async function withLock<Result>(
  directory: string,
  purpose: LockPurpose,
  task: (lock: HeldLock) => Promise<Result>,
  options?: LockOptions,
): Promise<Result> {
  const lock = await acquireLock(directory, purpose, options);
  try {
    return await task(lock);
  } finally {
    await lock.release();
  }
}

/** What goes on in a directory, by which process, and since when by the clock of the day. */
function describeUse(directory: string, holder: Holder | undefined, ownSpace: string): string {
  const purpose = holder !== undefined && isPurpose(holder.purpose) ? holder.purpose : 'training';
  const use = purposes[purpose](directory);
  if (holder === undefined) return l10n.t`${use}.`;
  const { pid, space } = holder;
  const who =
    space === ownSpace ? l10n.t`process ${pid}` : l10n.t`process ${pid} in another container or on another machine`;
  const since = new Date(holder.since);
  return Number.isNaN(since.getTime())
    ? l10n.t`${use}: ${who}.`
    : l10n.t`${use}: ${who}, since ${since.toLocaleString('sv')}.`;
}

function isPurpose(text: string): text is LockPurpose {
  return Object.hasOwn(purposes, text);
}
