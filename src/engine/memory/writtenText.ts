import type { Logger } from '../../core/logger';
import { leftOutByPath } from '../../corpus/pathRules';
import { readCorpusFile } from '../../corpus/readCorpus';
import { judgeText } from '../../corpus/readText';
import type { MemoryRequest } from '../../protocol/engine';
import type { EngineDocument } from '../documents/engineDocuments';

/** Whether a document is told from others by its path. */
export function standsForFile(remembered: EngineDocument['remembered']): boolean {
  return remembered === undefined || remembered === 'as file';
}

/** What the index holds a document under. */
export function keyOf({ uri, path, remembered }: EngineDocument): string {
  return standsForFile(remembered) ? path : uri;
}

/** The text of an open document where the corpus would take it. */
export async function writtenText(
  { path, text, remembered }: EngineDocument,
  { folders, corpus }: MemoryRequest,
  logger: Logger,
): Promise<string | undefined> {
  if (remembered === 'as file') return readCorpusFile(path, folders, corpus, logger, text);
  if (text === '' || leftOutByPath(path) !== null) return undefined;
  const judged = await judgeText(path, text, corpus.maxFileBytes);
  return 'text' in judged ? judged.text : undefined;
}
