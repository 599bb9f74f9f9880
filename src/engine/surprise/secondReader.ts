import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../core/logger';
import { sentGraph, type CheckedGraph } from '../../inference/checkedGraph';
import { startChild } from '../../ipc/childProcess';
import type { ReaderEvents, ReaderFunctions } from '../../protocol/reader';
import type { LoadedModel } from '../model/engineModel';

/** A process that reads parts of a long text while this one reads others. */
export interface SecondReader extends Pick<ReaderFunctions, 'read'> {
  end(): void;
}

/** @param entry absolute path of its bundle */
export function startSecondReader(
  { bytes, model, vocabulary }: CheckedGraph,
  provider: string,
  entry: string,
  logger: Logger,
): SecondReader {
  const events: ReaderEvents = { log: (level, message) => logger[level](message) };
  const { remote, kill } = startChild<ReaderFunctions>({ entry, logger }, events);
  const opened = remote.open(sentGraph({ bytes, model, vocabulary }), provider);
  // Told by what is read; nobody may have asked for anything yet.
  opened.catch(() => undefined);
  return { read: (parts) => opened.then(() => remote.read(parts)), end: kill };
}

/**
 * How to start one beside a model; undefined where nothing is gained by it. Not a second thread of onnxruntime: those wait for each
 * other where other work runs (docs/experiments.md). Not a thread of this process: onnxruntime may end it with the thread.
 */
export function secondReaderFor({ graph, work }: LoadedModel, logger: Logger): (() => SecondReader) | undefined {
  if (availableParallelism() < 2 || work.providers().scoring !== work.processor) return undefined;
  return () => startSecondReader(graph, work.processor, join(__dirname, 'reader.js'), logger);
}
