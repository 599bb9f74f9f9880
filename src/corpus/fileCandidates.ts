import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { LeftOutReason } from '../text/document';
import { isUserError, isMissing } from '../core/errors';
import type { Logger } from '../core/logger';
import { leftOutByPath } from './pathRules';
import { isRepository } from './git';
import { listPaths } from './listing';

/** A file that may be read. */
export interface Candidate {
  /** As in the corpus. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly bytes: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** Files found, and those left out by reason. */
export interface Findings {
  readonly candidates: Candidate[];
  readonly leftOut: Partial<Record<LeftOutReason, number>>;
  /** Told of each file that is left out. */
  readonly tellLeftOut?: TellLeftOut | undefined;
}

/** @param path as it would stand in the corpus */
export type TellLeftOut = (path: string, reason: LeftOutReason) => void;

/** Where and what to look for. */
export interface Search {
  /** Absolute. */
  readonly directory: string;
  /** Stands before the path of each file in the corpus: empty, or ends in `/`. */
  readonly prefix: string;
  /** Absolute, without symbolic links: files outside all of them are left alone. */
  readonly roots: readonly string[];
  /** Of a path relative to the folder. */
  readonly filter: (path: string) => boolean;
  readonly maxFileBytes: number;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

export function countLeftOut(findings: Pick<Findings, 'leftOut'>, reason: LeftOutReason): void {
  findings.leftOut[reason] = (findings.leftOut[reason] ?? 0) + 1;
}

/** Counts a file that is left out, and tells of it. @param path as it would stand in the corpus */
export function leaveOut(findings: Omit<Findings, 'candidates'>, path: string, reason: LeftOutReason): void {
  countLeftOut(findings, reason);
  findings.tellLeftOut?.(path, reason);
}

/** Files looked at at once. */
const parallelLooks = 32;

/**
 * Adds the files below a folder that globs, path rules, size and place allow, reading none. Submodules and repositories
 * inside the folder belong to it.
 * @param within path of the part of the folder to look through: empty, or ends in `/`
 */
export async function findCandidates(search: Search, findings: Findings, within = ''): Promise<void> {
  const below = await listPaths(join(search.directory, within), search.logger, search.signal);
  const paths = below.map((path) => within + path);
  const realDirectories = new Map<string, Promise<string>>();
  for (let start = 0; start < paths.length; start += parallelLooks) {
    search.signal?.throwIfAborted();
    const group = paths.slice(start, start + parallelLooks);
    const seen = await Promise.all(group.map((path) => look(search, path, realDirectories)));
    for (const [index, what] of seen.entries()) await add(search, findings, group[index]!, what);
  }
}

type Look = Pick<Candidate, 'bytes' | 'modifiedMs'> | { readonly reason: LeftOutReason } | 'directory' | 'nothing';

async function add(search: Search, findings: Findings, path: string, what: Look): Promise<void> {
  if (what === 'nothing') return;
  if (what === 'directory') {
    await findInRepository(search, findings, path.replace(/\/+$/, '') + '/');
  } else if ('reason' in what) {
    leaveOut(findings, search.prefix + path, what.reason);
  } else {
    findings.candidates.push(candidateAt(search, path, what));
  }
}

function candidateAt(search: Search, path: string, what: Pick<Candidate, 'bytes' | 'modifiedMs'>): Candidate {
  return { path: search.prefix + path, file: join(search.directory, path), ...what };
}

/**
 * One file, where globs, path rules, size and place allow it; whether git ignores it is not asked.
 * @param path relative to the folder, with `/`
 */
export async function findCandidate(search: Search, path: string): Promise<Candidate | undefined> {
  const what = await look(search, path, new Map());
  return typeof what === 'object' && 'bytes' in what ? candidateAt(search, path, what) : undefined;
}

// A submodule that was never fetched is an empty folder; one that may not be read costs itself only.
async function findInRepository(search: Search, findings: Findings, within: string): Promise<void> {
  if (!(await isRepository(join(search.directory, within)))) return;
  try {
    await findCandidates(search, findings, within);
  } catch (error) {
    if (!isUserError(error)) throw error;
    leaveOut(findings, search.prefix + within, 'unreadable');
  }
}

async function look(search: Search, path: string, realDirectories: Map<string, Promise<string>>): Promise<Look> {
  const file = join(search.directory, path);
  try {
    const status = await lstat(file);
    if (status.isDirectory()) return 'directory';
    if (!search.filter(path)) return 'nothing';
    const byPath = leftOutByPath(path);
    if (byPath !== null) return { reason: byPath };
    if (status.isSymbolicLink()) return await lookAtLink(search, file);
    // A tracked file's folder may have become a link since.
    const parent = dirname(file);
    let real = realDirectories.get(parent);
    if (real === undefined) realDirectories.set(parent, (real = realpath(parent)));
    if (!isInside(search.roots, await real)) return { reason: 'outside' };
    if (!status.isFile()) return { reason: 'unreadable' };
    return status.size > search.maxFileBytes
      ? { reason: 'too large' }
      : { bytes: status.size, modifiedMs: status.mtimeMs };
  } catch (error) {
    // Tracked, but deleted; a name that is no UTF-8 does not lead back to its file.
    return isMissing(error) && !path.includes('\uFFFD') ? 'nothing' : { reason: 'unreadable' };
  }
}

// What a link inside the workspace leads to is listed under its own name, or is ignored there for a reason.
async function lookAtLink(search: Search, file: string): Promise<Look> {
  return isInside(search.roots, await realpath(file)) ? { reason: 'duplicate' } : { reason: 'outside' };
}

function isInside(roots: readonly string[], file: string): boolean {
  return roots.some((root) => file === root || file.startsWith(root.endsWith(sep) ? root : root + sep));
}
