import type { CorpusConfiguration } from '../core/configuration';
import type { Corpus, WorkspaceFolder } from '../text/document';
import type { Logger } from '../core/logger';
import { createTextStore, type TextRange, type TextStore } from '../text/textStore';
import { streamCorpus } from '../corpus/readCorpus';

/** A file of the corpus, its text in the store. */
export interface CorpusFile {
  readonly path: string;
  /** Of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
  readonly range: TextRange;
}

/** A corpus whose texts are held once, and not as strings. */
export interface TrainingCorpus {
  readonly store: TextStore;
  /** Sorted by path. */
  readonly files: readonly CorpusFile[];
  readonly leftOut: Corpus['leftOut'];
}

/** Reads a corpus (corpus/readCorpus) file by file. */
export async function readTrainingCorpus(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
): Promise<TrainingCorpus> {
  const store = createTextStore();
  const files: CorpusFile[] = [];
  const leftOut = await streamCorpus(
    folders,
    configuration,
    ({ path, text }, sha256) => files.push({ path, sha256, range: store.add(text) }),
    logger,
    signal,
  );
  return { store, files, leftOut };
}

/** Characters of a text in the store. */
export function lengthOf({ start, end }: TextRange): number {
  return end - start;
}
