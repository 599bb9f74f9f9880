import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import type { SourceDocument } from '../../text/document';
import { UserError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { documentsOfPart } from '../../corpus/split';
import { folderPrefixes } from '../../text/documentPath';
import { readDocuments } from '../../corpus/readDocuments';
import { readAllowedText } from '../../corpus/readText';
import { unhurried } from '../../inference/readPrefix';
import type { EvaluateRequest } from '../../protocol/engine';
import type { RunConfiguration, SplitPart } from '../../store/files';
import { readRunOfModel, type StoredModel } from '../../store/modelDirectory';
import { sha256Of } from '../../core/sha256';

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
      ? await documentsOfSplit(await requireRun(stored, logger), request.split, logger)
      : await namedDocuments(stored, request, logger);
  if (documents.some(({ text }) => text !== '')) return documents;
  throw new UserError(
    l10n.t('There is no text to measure.'),
    'split' in request ? l10n.t('Name files or folders, or another part.') : l10n.t('Name other files or folders.'),
  );
}

async function namedDocuments(
  stored: StoredModel,
  request: Extract<EvaluateRequest, { paths: readonly string[] }>,
  logger: Logger,
): Promise<readonly SourceDocument[]> {
  const run = await readRunOfModel(stored, (problem) => logger.warn(problem));
  return (await readDocuments(request.paths, run?.folders ?? [], request.corpus, logger)).documents;
}

async function requireRun(stored: StoredModel, logger: Logger): Promise<RunConfiguration> {
  const run = await readRunOfModel(stored, (problem) => logger.warn(problem));
  if (run !== undefined) return run;
  throw new UserError(
    l10n.t`The record of the run that made this model (${stored.manifest.run}) is gone or damaged.`,
    l10n.t('Name files or folders to measure instead.'),
  );
}

/**
 * The documents of a part of a run's split, as its files are now; what has changed since is said in the log.
 * @param pace asked before every file
 */
export async function documentsOfSplit(
  run: RunConfiguration,
  part: SplitPart,
  logger: Logger,
  pace = unhurried(),
): Promise<SourceDocument[]> {
  const entries = run.split.filter((entry) => entry.part === part || (entry.part === 'tail' && part !== 'test'));
  const documents: SourceDocument[] = [];
  const problems = { missing: 0, changed: 0 };
  for (const { path, sha256 } of entries) {
    await pace();
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
  return documentsOfPart(documents, entries, part);
}

/** The path of an entry begins with its folder's prefix where a run has several folders. */
async function readEntry({ folders, corpus }: RunConfiguration, path: string): Promise<string | undefined> {
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    if (!path.startsWith(prefix)) continue;
    const file = join(folders[index]!.directory, path.slice(prefix.length));
    const result = await readAllowedText({ path, file }, corpus.maxFileBytes);
    if ('text' in result) return result.text;
  }
  return undefined;
}
