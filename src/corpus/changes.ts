import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorpusConfiguration } from '../core/configuration';
import type { Logger } from '../core/logger';
import { toLineFeeds } from '../text/textOffsets';
import { changedLines } from './changedLines';
import { decodeBytes } from './decoding';
import { blobHash, readRevision } from './gitRevision';
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
): Promise<ChangedFile[]> {
  const revision = await readRevision(directory, base);
  const isWanted = createPathFilter(corpus);
  const paths = (await listPaths(directory, logger)).filter(isWanted).sort();
  const changed: ChangedFile[] = [];
  for (const path of paths) {
    const bytes = await readFile(join(directory, path)).catch(() => undefined);
    if (bytes === undefined || bytes.length > corpus.maxFileBytes) continue;
    const hash = revision.hashes.get(path);
    if (hash !== undefined && blobHash(bytes, hash) === hash) continue;
    const text = await readCorpusFile(path, [{ directory, name: '' }], corpus, logger);
    const now = decodeBytes(bytes)?.text;
    if (text === undefined || now === undefined) continue;
    const lines = changedLines(linesOf((await revision.textOf(path)) ?? ''), linesOf(now));
    if (lines.length > 0) changed.push({ path, text, lines });
  }
  return changed;
}

/** Without what is behind the last line end. */
function linesOf(text: string): string[] {
  const lines = toLineFeeds(text).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
