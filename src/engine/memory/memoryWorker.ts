import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SourceDocument } from '../../text/document';
import type { Logger, LogLevel } from '../../core/logger';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { MemoryRequest } from '../../protocol/engine';

export interface MemoryTask extends MemoryRequest {
  /** Held in place of the files of the same paths, or beside them; already judged. */
  readonly written: readonly SourceDocument[];
}

export type MemoryAnswer =
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string }
  | { readonly type: 'memory'; readonly memory: WorkspaceMemory };

/** Reads and indexes the texts of a workspace in their own vocabulary, until the signal aborts. */
export type BuildMemory = (task: MemoryTask, logger: Logger, signal: AbortSignal) => Promise<WorkspaceMemory>;

/** In a worker thread, whose bundle lies beside the engine's, ended by the signal; rejected where a folder cannot be read. */
export const buildInWorker: BuildMemory = (task, logger, signal) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'memoryBuilder.js'), { workerData: task });
    worker.on('message', (answer: MemoryAnswer) => {
      if (answer.type === 'log') logger[answer.level](answer.message);
      else resolve(answer.memory);
    });
    worker.once('error', reject);
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.once('exit', () => reject(new Error('The worker ended before the memory was built.')));
  });
