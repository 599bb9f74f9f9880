import { buildVocabulary, otherToken, tokenOf } from '../../text/vocabulary';
import { defaultTraining } from '../../core/configuration';
import type { SourceDocument } from '../../text/document';
import type { Logger } from '../../core/logger';
import { readCorpusFile } from '../../corpus/readCorpus';
import { replaceDocument, type WorkspaceMemory } from '../../memory/workspaceMemory';
import type { MemoryRequest } from '../../protocol/engine';
import { createChangedFiles } from './changedFiles';
import type { EngineDocument, EngineDocuments } from '../documents/engineDocuments';
import { keyOf, standsForFile, writtenText } from './writtenText';

/** Keeps an index of the workspace at what is saved and what is written in open documents. */
export interface MemoryUpdates {
  /** A file, by its path as in the corpus, or a document is no longer what the index holds of it. */
  changed(changed: string | EngineDocument): void;
  /** Files or folders were changed by whatever program; null: too many to name. */
  filesChanged(paths: readonly string[] | null): void;
  /**
   * A document is worked in: what has changed elsewhere goes into the index in the background. (What the index holds of the
   * document itself is not asked while it is open.)
   */
  turnTo(document: EngineDocument): void;
  /**
   * An index is built of all that is saved.
   * @returns what is written in the open documents
   */
  start(request: MemoryRequest): Promise<SourceDocument[]>;
  forget(): void;
  /** Resolves when nothing is going in any more. */
  ready(): Promise<void>;
}

/** The index that is kept up to date. */
export interface UpdatedIndex {
  readonly request: MemoryRequest;
  readonly workspace: WorkspaceMemory;
}

export interface UpdatedMemory {
  index(): UpdatedIndex | undefined;
  /** Whether another index is being made: nothing goes into this one any more. */
  isBuilding(): boolean;
  /** Has the index built anew: it has no room, or no characters, for a text. */
  rebuild(): void;
}

/** A text that grows by itself, or under several hands, goes in when it comes to rest. */
const pauseMs = 1_000;
/** More texts than this are read by the thread that builds. */
const mostTexts = 200;

export function createMemoryUpdates(
  documents: Pick<EngineDocuments, 'all'>,
  memory: UpdatedMemory,
  logger: Logger,
): MemoryUpdates {
  /** What has changed and was not looked at since. */
  const stale = new Set<string>();
  const changedFiles = createChangedFiles(logger);
  /** Of the document that is worked in. */
  let current: string | undefined;
  let catchingUp: Promise<void> | undefined;

  const openAt = (key: string): EngineDocument | undefined =>
    documents.all().find((document) => document.remembered !== undefined && keyOf(document) === key);

  /** Nothing is built anew for what comes and goes: of characters that are not known it goes on with none. */
  const isPassing = (key: string): boolean => openAt(key)?.remembered === 'in passing';

  function waiting(): string[] {
    return [...stale].filter((key) => {
      const editedMs = openAt(key)?.editedMs ?? -Infinity;
      return key !== current && performance.now() - editedMs >= pauseMs;
    });
  }

  async function catchUp(): Promise<void> {
    const { workspace, request } = memory.index()!;
    if (changedFiles.isDue()) {
      for (const path of await changedFiles.take(workspace.ranges, request.folders)) stale.add(path);
    }
    const keys = waiting();
    if (keys.length > mostTexts) {
      rebuild();
      return;
    }
    for (const key of keys) {
      const before = memory.index();
      if (before === undefined || memory.isBuilding()) return;
      stale.delete(key);
      const text = await textAt(key, before.request);
      const index = memory.index();
      // What is built meanwhile may have been read before; what is turned to meanwhile must not be held twice.
      if (index?.workspace !== before.workspace || memory.isBuilding() || key === current) stale.add(key);
      else if ((!isPassing(key) && isStrange(index.workspace, text)) || !replaceDocument(index.workspace, key, text)) {
        rebuild();
        return;
      }
    }
  }

  /** What belongs under a key now. */
  async function textAt(key: string, request: MemoryRequest): Promise<string | undefined> {
    const document = openAt(key);
    try {
      if (document === undefined) return await readCorpusFile(key, request.folders, request.corpus, logger);
      await document.scanned;
      return document.excluded ? undefined : await writtenText(document, request, logger);
    } catch (error) {
      logger.warn(`${document?.path ?? key} is not remembered: ${String(error)}`);
      return undefined;
    }
  }

  function forget(): void {
    stale.clear();
    changedFiles.clear();
  }

  function rebuild(): void {
    forget();
    memory.rebuild();
  }

  /** A document that stands for no file is not told from others by its path: of its own text nothing is held. */
  function takeOut({ remembered }: EngineDocument, key: string): void {
    const workspace = memory.index()?.workspace;
    if (standsForFile(remembered) || workspace?.ranges.has(key) !== true) return;
    replaceDocument(workspace, key, undefined);
    stale.add(key);
  }

  return {
    changed(changed) {
      if (typeof changed === 'string') stale.add(changed);
      else if (changed.remembered !== undefined) stale.add(keyOf(changed));
      // What is gone for good leaves at once.
      if (typeof changed !== 'string' && changed.remembered === 'in passing') takeOut(changed, keyOf(changed));
    },
    filesChanged: (paths) => changedFiles.add(paths),
    turnTo(document) {
      current = keyOf(document);
      takeOut(document, current);
      if (memory.index() === undefined || memory.isBuilding()) return;
      if (changedFiles.isAll()) rebuild();
      else if (changedFiles.isDue() || waiting().length > 0) {
        catchingUp ??= catchUp().finally(() => (catchingUp = undefined));
      }
    },
    async start(request) {
      forget();
      const texts: SourceDocument[] = [];
      for (const document of documents.all()) {
        if (document.remembered === undefined) continue;
        const path = keyOf(document);
        const text = await textAt(path, request);
        if (text !== undefined) texts.push({ path, text });
      }
      return texts;
    },
    forget,
    ready: async () => catchingUp,
  };
}

/** Whether a text has characters that the vocabulary of the texts would have now; one that is full stays as it is. */
function isStrange({ vocabulary }: WorkspaceMemory, text = ''): boolean {
  if (vocabulary.codePoints.length >= defaultTraining.maxVocabulary) return false;
  return buildVocabulary([text], Infinity).codePoints.some((point) => tokenOf(vocabulary, point) === otherToken);
}
