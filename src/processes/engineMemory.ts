import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/logger';
import { createLanguageMemory, type LanguageMemory } from '../memory/languageMemory';
import { initialWeights, withoutNetwork, type MemoryWeights } from '../memory/memoryWeights';
import type { WorkspaceMemory } from '../memory/workspaceMemory';
import type { ModelSession } from '../inference/session';
import { createUniformSession } from '../inference/uniformSession';
import type { MemoryRequest } from '../protocol/engine';
import { readRunOfModel } from '../protocol/modelDirectory';
import type { EngineDocument, EngineDocuments } from './engineDocuments';
import { keptWeights, memoryWeightsOf } from './engineMemoryEvaluation';
import type { LoadedModel, ModelSlot } from './engineModel';
import { createMemoryUpdates } from './memoryUpdates';
import type { BuildMemory, MemoryTask } from './memoryWorker';

/** The language-model memory beside the model in use, built in the background. */
export interface EngineMemory {
  /**
   * Builds what belongs to a model that was just loaded, or answers alone where there is none; without a request nothing is
   * remembered.
   */
  follow(model: LoadedModel | undefined, request: MemoryRequest | undefined): void;
  /** A file, by its path as in the corpus, was saved, or a document was opened, written in or closed. */
  changed(changed: string | EngineDocument): void;
  /** Files or folders were changed by whatever program; null: too many to name. */
  filesChanged(paths: readonly string[] | null): void;
  /** A document is worked in: what was written elsewhere since goes into the memory in the background. */
  turnTo(document: EngineDocument): void;
  /** Gives back what is remembered. */
  forget(): void;
  /** What there is of it now for this session: until the workspace is indexed the open documents alone. */
  of(session: ModelSession): LanguageMemory | undefined;
  /** What completes where there is no network; undefined until the workspace is indexed. */
  alone(): MemoryAlone | undefined;
  /** Resolves when nothing is being built any more. */
  ready(): Promise<void>;
}

export interface MemoryAlone {
  /** Knows nothing: see `createUniformSession`. */
  readonly session: ModelSession;
  readonly language: LanguageMemory;
}

/** While a training runs an export comes every few seconds: only what stays is fitted to. */
const fitAfterMs = 5_000;
/** The workspace is read again for a new model, but not for each of a training's. */
const staleAfterMs = 60_000;

interface Indexed {
  readonly key: string;
  readonly request: MemoryRequest;
  readonly workspace: WorkspaceMemory;
  readonly atMs: number;
}

/** What was loaded last. */
interface Followed {
  readonly model: LoadedModel | undefined;
  readonly request: MemoryRequest;
}

export function createEngineMemory(
  slot: ModelSlot,
  documents: Pick<EngineDocuments, 'all'>,
  build: BuildMemory,
  logger: Logger,
): EngineMemory {
  let indexed: Indexed | undefined;
  let current: (MemoryAlone & { readonly isAlone: boolean }) | undefined;
  let fitted: MemoryWeights | undefined;
  let followed: Followed | undefined;
  /** How many indexes are being made. */
  let builds = 0;
  let building: Promise<void> = Promise.resolve();
  /** Raised by every load: what is built for an older one is left. */
  let turn = 0;
  const index = () => indexed && { ...indexed, isAlone: current?.isAlone === true };
  const updates = createMemoryUpdates(documents, { index, isBuilding: () => builds > 0, rebuild }, logger);

  function use({ session }: LoadedModel, weights: MemoryWeights): void {
    const language = createLanguageMemory(session.vocabulary, indexed?.workspace, weights);
    current = { session, language, isAlone: false };
  }

  /** @param codePoints of the vocabulary; null: that of the workspace */
  async function makeIndex(request: MemoryRequest, codePoints: MemoryTask['codePoints'], own: number): Promise<void> {
    const key = JSON.stringify([request.folders, request.corpus, request.maxCharacters, codePoints]);
    if (indexed?.key !== key) {
      indexed = undefined;
      if (current?.isAlone === true) current = undefined;
    }
    if (indexed !== undefined && performance.now() - indexed.atMs < staleAfterMs) return;
    builds++;
    try {
      const workspace = await build({ ...request, codePoints, written: await updates.start(request) }, logger);
      if (own === turn) indexed = { key, request, workspace, atMs: performance.now() };
    } finally {
      builds--;
    }
  }

  async function prepareAlone(request: MemoryRequest, own: number): Promise<void> {
    await makeIndex(request, null, own);
    if (own !== turn || indexed === undefined) return;
    const { workspace } = indexed;
    const language = createLanguageMemory(workspace.vocabulary, workspace, withoutNetwork(initialWeights()));
    current = { session: createUniformSession(workspace.vocabulary), language, isAlone: true };
  }

  async function prepare(model: LoadedModel, request: MemoryRequest, own: number): Promise<void> {
    const kept = await keptWeights(model.stored);
    const indexing = makeIndex(request, model.session.vocabulary.codePoints, own);
    if (own === turn) use(model, kept ?? fitted ?? initialWeights());
    await indexing;
    if (own === turn) use(model, kept ?? fitted ?? initialWeights());
    if (kept !== undefined) return;
    if (request.patient !== false) await wait(fitAfterMs, undefined, { ref: false });
    if (own !== turn) return;
    // `slot.use` keeps the session while it is read with.
    const weights = await slot.use(async () => memoryWeightsOf(model, await readRunOfModel(model.stored), logger));
    if (weights === undefined || own !== turn) return;
    fitted = weights;
    use(model, weights);
  }

  function follow(model: LoadedModel | undefined, request: MemoryRequest): void {
    const own = ++turn;
    followed = { model, request };
    if (model === undefined ? current?.isAlone !== true : current?.session !== model.session) current = undefined;
    const prepared = model === undefined ? prepareAlone(request, own) : prepare(model, request, own);
    building = prepared.catch((error: unknown) => logger.warn(`The workspace is not remembered: ${String(error)}`));
  }

  function rebuild(): void {
    if (indexed === undefined || followed === undefined) return;
    indexed = { ...indexed, atMs: -Infinity };
    follow(followed.model, followed.request);
  }

  function forget(): void {
    turn++;
    updates.forget();
    [current, indexed, followed, building] = [undefined, undefined, undefined, Promise.resolve()];
  }

  return {
    forget,
    follow: (model, request) => (request === undefined ? forget() : follow(model, request)),
    changed: (changed) => updates.changed(changed),
    filesChanged: (paths) => updates.filesChanged(paths),
    turnTo: (document) => updates.turnTo(document),
    of: (session) => (current?.session === session ? current.language : undefined),
    alone: () => (current?.isAlone === true ? current : undefined),
    async ready() {
      for (let awaited: unknown; awaited !== building;) {
        await updates.ready();
        awaited = building;
        await building;
      }
    },
  };
}
