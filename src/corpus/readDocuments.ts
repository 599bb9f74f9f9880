import * as l10n from '@vscode/l10n';
import { realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CorpusConfiguration } from '../core/configuration';
import type { Corpus, LeftOutReason, SourceDocument, WorkspaceFolder } from '../text/document';
import { documentPath } from '../text/documentPath';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { readCorpus } from './readCorpus';
import { readText } from './readText';

/**
 * Reads files and folders that were named one by one, in that order. A folder is read as a corpus is; a file that was
 * named is read whatever its name, size and content, as long as it is text. Paths are those of the corpus where the files
 * lie in its folders; elsewhere a file has its name and a file of a folder its path from there.
 * @param paths absolute, or relative to the current folder
 * @param folders of the corpus that the model learned from; may be empty
 * @throws UserError where a path does not exist, cannot be read or is not text
 */
export async function readDocuments(
  paths: readonly string[],
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
): Promise<Corpus> {
  const documents = new Map<string, SourceDocument>();
  const leftOut: Record<string, number> = {};
  const realFolders = await Promise.all(
    folders.map(async (folder) => ({ ...folder, directory: await real(folder.directory) })),
  );
  for (const path of paths) {
    signal?.throwIfAborted();
    const absolute = await requireExisting(path);
    if ((await stat(absolute)).isDirectory()) {
      const corpus = await readCorpus([{ directory: absolute, name: '' }], configuration, logger, signal);
      for (const document of corpus.documents) {
        const file = resolve(absolute, document.path);
        documents.set(file, { path: documentPath(file, realFolders) ?? document.path, text: document.text });
      }
      for (const [reason, count] of Object.entries(corpus.leftOut)) leftOut[reason] = (leftOut[reason] ?? 0) + count;
    } else {
      const text = await requireText(path, absolute);
      documents.set(absolute, { path: documentPath(absolute, realFolders) ?? basename(path), text });
    }
  }
  return { documents: [...documents.values()], leftOut };
}

async function real(directory: string): Promise<string> {
  return realpath(directory).catch(() => resolve(directory));
}

async function requireExisting(path: string): Promise<string> {
  try {
    return await realpath(resolve(path));
  } catch (error) {
    throw new UserError(
      l10n.t`${path} cannot be read (${describeError(error)}).`,
      l10n.t('Name files or folders that exist.'),
    );
  }
}

/**
 * The text of a file that was named, whatever its size and content; `path` is how it was named.
 * @throws UserError where it is none
 */
export async function requireText(path: string, absolute: string): Promise<string> {
  const result = await readText(absolute, Infinity);
  if ('text' in result) return result.text;
  const problems: Partial<Record<LeftOutReason, string>> = {
    binary: l10n.t`${path} is not a text in UTF-8, UTF-16 or an encoding that can be told.`,
    'too large': l10n.t`${path} is too large to be read as one text.`,
  };
  throw new UserError(
    problems[result.reason] ?? l10n.t`${path} cannot be read.`,
    l10n.t('Name text files, or a folder with some.'),
  );
}
