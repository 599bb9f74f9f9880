import type { CorpusConfiguration } from '../core/configuration';
import type { Corpus, LeftOutReason, WorkspaceFolder } from '../text/document';
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
  /** Of those left out the first ones for each reason, {@link mostNamed} at most. */
  readonly leftOutPaths: LeftOutPaths;
}

export type LeftOutPaths = Readonly<Partial<Record<LeftOutReason, readonly string[]>>>;

/** Nobody reads longer lists. */
const mostNamed = 200;

/** Reads a corpus (corpus/readCorpus) file by file. */
export async function readTrainingCorpus(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
): Promise<TrainingCorpus> {
  const store = createTextStore();
  const files: CorpusFile[] = [];
  const leftOutPaths: Partial<Record<LeftOutReason, string[]>> = {};
  const tellLeftOut = (path: string, reason: LeftOutReason): void => {
    const named = (leftOutPaths[reason] ??= []);
    if (named.length < mostNamed) named.push(path);
  };
  const leftOut = await streamCorpus(
    folders,
    configuration,
    ({ path, text }, sha256) => files.push({ path, sha256, range: store.add(text) }),
    logger,
    signal,
    { tellLeftOut },
  );
  return { store, files, leftOut, leftOutPaths };
}

/** Characters of a text in the store. */
export function lengthOf({ start, end }: TextRange): number {
  return end - start;
}
