import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from '../../core/logger';
import { buffersOf } from '../../memory/workspaceMemory';
import type { MemoryAnswer, MemoryTask } from './memoryWorker';
import { readWorkspaceMemory } from './workspaceReading';

// A worker thread: reads the folders of a workspace and indexes them, so that nothing else has to wait.

const answer = (message: MemoryAnswer, transfer: ArrayBuffer[] = []): void =>
  parentPort!.postMessage(message, transfer);
const log = (level: keyof Logger) => (message: string) => answer({ type: 'log', level, message });
const logger: Logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };

void readWorkspaceMemory(workerData as MemoryTask, logger).then((memory) => {
  // Given away, not copied: they may be hundreds of megabytes.
  answer({ type: 'memory', memory }, buffersOf(memory));
});
