import { readFile, realpath } from 'node:fs/promises';
import type { CorpusConfiguration } from '../core/configuration';
import type { Logger } from '../core/logger';
import { toLineFeeds } from '../text/textOffsets';
import { changedLines } from './changedLines';
import { decodeBytes } from './decoding';
import { findCandidate } from './fileCandidates';
import { blobHash, readIndex, readRevision, type Revision } from './gitRevision';
import { createPathFilter } from './globs';
import { listPaths } from './listing';
import { readCorpusFile } from './readCorpus';

/** A file that differs from what it was, or is new. */
export interface ChangedFile {
  /** Relative to the folder. */
  readonly path: string;
  /** As it is now, by the rules of the corpus: secrets are marked out. */
  readonly text: string;
  /** Numbers of the lines that are other ones or new, from 0. */
  readonly lines: readonly number[];
}

/** Where changed files are read: the index is what is staged. */
export type ReviewedState = 'working tree' | 'index';

/**
 * The files of a folder that have changed since a revision, by the rules of the corpus, sorted by path; of a deletion nothing is
 * left to read.
 * @param base undefined: the last commit
 * @throws UserError where there is no repository or no such revision
 */
export async function readChanges(
  directory: string,
  base: string | undefined,
  corpus: CorpusConfiguration,
  logger: Logger,
  state: ReviewedState = 'working tree',
): Promise<ChangedFile[]> {
  const revision = await readRevision(directory, base);
  const isWanted = createPathFilter(corpus);
  const now = state === 'index' ? await stagedFiles(directory) : await savedFiles(directory, isWanted, corpus, logger);
  const changed: ChangedFile[] = [];
  for (const path of now.paths.filter(isWanted).sort()) {
    const text = await now.changed(path, revision.hashes.get(path));
    if (text === undefined) continue;
    const written = state === 'index' ? text : undefined;
    const allowed = await readCorpusFile(path, [{ directory, name: '' }], corpus, logger, written);
    if (allowed === undefined) continue;
    const lines = changedLines(linesOf((await revision.textOf(path)) ?? ''), linesOf(text));
    if (lines.length > 0) changed.push({ path, text: allowed, lines });
  }
  return changed;
}

/** Files as they are now. */
interface PresentFiles {
  readonly paths: readonly string[];
  /** The text of a file that has another hash than it had; undefined where it has not, or is no text. */
  changed(path: string, hash: string | undefined): Promise<string | undefined>;
}

async function savedFiles(
  directory: string,
  isWanted: (path: string) => boolean,
  { maxFileBytes }: CorpusConfiguration,
  logger: Logger,
): Promise<PresentFiles> {
  const paths = await listPaths(directory, logger);
  const roots = [await realpath(directory)];
  const search = { directory, prefix: '', roots, filter: isWanted, maxFileBytes, logger };
  return {
    paths,
    async changed(path, hash) {
      // No link is followed, and no pipe or device read: it may never end.
      const candidate = await findCandidate(search, path);
      const bytes = candidate && (await readFile(candidate.file).catch(() => undefined));
      if (bytes === undefined || bytes.length > maxFileBytes) return undefined;
      if (hash !== undefined && blobHash(bytes, hash) === hash) return undefined;
      return decodeBytes(bytes)?.text;
    },
  };
}

async function stagedFiles(directory: string): Promise<PresentFiles> {
  const index: Revision = await readIndex(directory);
  return {
    paths: [...index.hashes.keys()],
    changed: async (path, hash) => (index.hashes.get(path) === hash ? undefined : index.textOf(path)),
  };
}

/** Without what is behind the last line end. */
function linesOf(text: string): string[] {
  const lines = toLineFeeds(text).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
