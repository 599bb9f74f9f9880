import type { Logger } from '../../core/logger';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { MemoryRequest } from '../../protocol/engine';
import type { EngineDocument, EngineDocuments } from '../documents/engineDocuments';
import { createMemoryUpdates } from './memoryUpdates';
import type { BuildMemory } from './memoryWorker';

/**
 * The index of the texts of the workspace, in the workspace's own vocabulary: whatever network stands beside it, and however
 * often that changes, it is built once, and then kept at what changes.
 */
export interface WorkspaceIndex {
  /** What there is of what was asked for last; undefined until it is built, and where nothing is to be remembered. */
  current(): WorkspaceMemory | undefined;
  /** Has it built where that was not done for the same request; what is built for another one is given up. */
  follow(request: MemoryRequest): void;
  /** Gives back what is remembered. */
  forget(): void;
  /** As of {@link EngineMemory}. */
  changed(changed: string | EngineDocument): void;
  filesChanged(paths: readonly string[] | null): void;
  turnTo(document: EngineDocument): void;
  /** Resolves when nothing is being built and nothing goes in any more. */
  ready(): Promise<void>;
}

interface Indexed {
  readonly key: string;
  readonly request: MemoryRequest;
  readonly workspace: WorkspaceMemory;
}

interface Building {
  readonly key: string;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** @param onChange told when there is another index, or none any more */
export function createWorkspaceIndex(
  documents: Pick<EngineDocuments, 'all'>,
  build: BuildMemory,
  onChange: () => void,
  logger: Logger,
): WorkspaceIndex {
  let indexed: Indexed | undefined;
  let building: Building | undefined;
  const updates = createMemoryUpdates(
    documents,
    { index: () => indexed, isBuilding: () => building !== undefined, rebuild },
    logger,
  );

  async function buildNow(key: string, request: MemoryRequest, signal: AbortSignal): Promise<void> {
    try {
      const written = await updates.start(request);
      signal.throwIfAborted();
      const workspace = await build({ ...request, written }, logger, signal);
      if (!signal.aborted) replace({ key, request, workspace });
    } catch (error) {
      if (!signal.aborted) logger.warn(`The workspace is not remembered: ${String(error)}`);
    } finally {
      if (building?.controller.signal === signal) building = undefined;
    }
  }

  function replace(next: Indexed | undefined): void {
    if (next === indexed) return;
    indexed = next;
    onChange();
  }

  function start(key: string, request: MemoryRequest): void {
    building?.controller.abort();
    const controller = new AbortController();
    // Begun in a turn of its own: `building` stands by then.
    const done = Promise.resolve().then(() => buildNow(key, request, controller.signal));
    building = { key, controller, done };
  }

  function rebuild(): void {
    if (indexed !== undefined) start(indexed.key, indexed.request);
  }

  return {
    current: () => indexed?.workspace,
    follow(request) {
      const key = JSON.stringify([request.folders, request.corpus, request.maxCharacters]);
      if (indexed?.key === key) indexed = { ...indexed, request };
      else replace(undefined);
      if (building?.key === key) return;
      if (indexed === undefined) start(key, request);
    },
    forget() {
      building?.controller.abort();
      building = undefined;
      updates.forget();
      replace(undefined);
    },
    changed: (changed) => updates.changed(changed),
    filesChanged: (paths) => updates.filesChanged(paths),
    turnTo: (document) => updates.turnTo(document),
    async ready() {
      await updates.ready();
      while (building !== undefined) {
        await building.done;
        await updates.ready();
      }
    },
  };
}
