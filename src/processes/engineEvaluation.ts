import { join } from 'node:path';
import type { SourceDocument } from '../core/document';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { documentsOfPart } from '../core/split';
import { folderPrefixes } from '../core/documentPath';
import { sha256Of } from '../corpus/readCorpus';
import { readDocuments } from '../corpus/readDocuments';
import { readText } from '../corpus/readText';
import type { EvaluateRequest } from '../protocol/engine';
import type { RunConfiguration, SplitPart } from '../protocol/files';
import { readRunOfModel, type StoredModel } from '../protocol/modelDirectory';

/**
 * The documents that a request names. Files of the run's folders have the paths that they had in training.
 * @throws UserError where there is nothing to measure
 */
export async function documentsToMeasure(
  stored: StoredModel,
  request: EvaluateRequest,
  logger: Logger,
): Promise<readonly SourceDocument[]> {
  const documents =
    'split' in request
      ? await documentsOfSplit(await requireRun(stored), request.split, logger)
      : await namedDocuments(stored, request, logger);
  if (documents.some(({ text }) => text !== '')) return documents;
  throw new UserError(
    'There is no text to measure.',
    'split' in request ? 'Name files or folders, or another part.' : 'Name other files or folders.',
  );
}

async function namedDocuments(
  stored: StoredModel,
  request: Extract<EvaluateRequest, { paths: readonly string[] }>,
  logger: Logger,
): Promise<readonly SourceDocument[]> {
  const run = await readRunOfModel(stored);
  return (await readDocuments(request.paths, run?.folders ?? [], request.corpus, logger)).documents;
}

async function requireRun(stored: StoredModel): Promise<RunConfiguration> {
  const run = await readRunOfModel(stored);
  if (run !== undefined) return run;
  throw new UserError(
    `The record of the run that made this model (${stored.manifest.run}) is gone.`,
    'Name files or folders to measure instead.',
  );
}

/** The documents of a part of a run's split, as its files are now; what has changed since is said in the log. */
export async function documentsOfSplit(
  run: RunConfiguration,
  part: SplitPart,
  logger: Logger,
): Promise<SourceDocument[]> {
  const entries = run.split.filter((entry) => entry.part === part || (entry.part === 'tail' && part !== 'test'));
  const documents: SourceDocument[] = [];
  const problems = { missing: 0, changed: 0 };
  for (const { path, sha256 } of entries) {
    const text = await readEntry(run, path);
    if (text === undefined) problems.missing++;
    else documents.push({ path, text });
    if (text !== undefined && sha256Of(text) !== sha256) problems.changed++;
  }
  if (problems.missing > 0)
    logger.warn(`${problems.missing} files of the ${part} part are gone; the others are measured.`);
  if (problems.changed > 0) {
    logger.warn(
      `${problems.changed} files of the ${part} part have changed since the training; they are measured as they are.`,
    );
  }
  return documentsOfPart(documents, entries, part, sha256Of);
}

/** The path of an entry begins with its folder's prefix where a run has several folders. */
async function readEntry({ folders, corpus }: RunConfiguration, path: string): Promise<string | undefined> {
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    if (!path.startsWith(prefix)) continue;
    const result = await readText(join(folders[index]!.directory, path.slice(prefix.length)), corpus.maxFileBytes);
    if ('text' in result) return result.text;
  }
  return undefined;
}
