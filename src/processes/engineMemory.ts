import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../core/logger';
import { buildVocabulary, otherToken, tokenOf } from '../core/vocabulary';
import { readCorpusFile } from '../corpus/readCorpus';
import { createLanguageMemory, type LanguageMemory } from '../memory/languageMemory';
import { initialWeights, withoutNetwork, type MemoryWeights } from '../memory/memoryWeights';
import { replaceDocument, type WorkspaceMemory } from '../memory/workspaceMemory';
import type { ModelSession } from '../inference/session';
import { createUniformSession } from '../inference/uniformSession';
import type { MemoryRequest } from '../protocol/engine';
import { readRunOfModel } from '../protocol/modelDirectory';
import { keptWeights, memoryWeightsOf } from './engineMemoryEvaluation';
import type { LoadedModel, ModelSlot } from './engineModel';
import type { BuildMemory, MemoryTask } from './memoryWorker';

/** The language-model memory beside the model in use, built in the background. */
export interface EngineMemory {
  /**
   * Builds what belongs to a model that was just loaded, or answers alone where there is none; without a request nothing is
   * remembered.
   */
  follow(model: LoadedModel | undefined, request: MemoryRequest | undefined): void;
  /** The file of this path, as in the corpus, was saved. */
  saved(path: string): void;
  /**
   * A document is worked in: what was saved of others since goes into the memory in the background. (What a document's own
   * saved copy says is not asked while it is open.)
   */
  turnTo(path: string): void;
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

export function createEngineMemory(slot: ModelSlot, build: BuildMemory, logger: Logger): EngineMemory {
  let indexed: Indexed | undefined;
  let current: (MemoryAlone & { readonly isAlone: boolean }) | undefined;
  let fitted: MemoryWeights | undefined;
  let followed: Followed | undefined;
  let catchingUp: Promise<void> | undefined;
  /** Paths of files that were saved and not looked at since. */
  const stale = new Set<string>();
  let building: Promise<void> = Promise.resolve();
  /** Raised by every load: what is built for an older one is left. */
  let turn = 0;

  function use({ session }: LoadedModel, weights: MemoryWeights): void {
    const language = createLanguageMemory(session.vocabulary, indexed?.workspace, weights);
    current = { session, language, isAlone: false };
  }

  /** @param codePoints of the vocabulary; null: that of the workspace */
  async function index(request: MemoryRequest, codePoints: MemoryTask['codePoints'], own: number): Promise<void> {
    const key = JSON.stringify([request.folders, request.corpus, request.maxCharacters, codePoints]);
    if (indexed?.key !== key) {
      indexed = undefined;
      if (current?.isAlone === true) current = undefined;
    }
    if (indexed !== undefined && performance.now() - indexed.atMs < staleAfterMs) return;
    const workspace = await build({ ...request, codePoints }, logger);
    if (own === turn) indexed = { key, request, workspace, atMs: performance.now() };
  }

  async function prepareAlone(request: MemoryRequest, own: number): Promise<void> {
    await index(request, null, own);
    if (own !== turn || indexed === undefined) return;
    const { workspace } = indexed;
    const language = createLanguageMemory(workspace.vocabulary, workspace, withoutNetwork(initialWeights()));
    current = { session: createUniformSession(workspace.vocabulary), language, isAlone: true };
  }

  async function prepare(model: LoadedModel, request: MemoryRequest, own: number): Promise<void> {
    const kept = await keptWeights(model.stored);
    const indexing = index(request, model.session.vocabulary.codePoints, own);
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

  async function catchUp(path: string): Promise<void> {
    for (const saved of [...stale].filter((candidate) => candidate !== path)) {
      const into = indexed;
      if (into === undefined) return;
      stale.delete(saved);
      const text = await readCorpusFile(saved, into.request.folders, into.request.corpus, logger);
      // What is built meanwhile may have been read before.
      if (into !== indexed) stale.add(saved);
      else if (isStrange(text) || !replaceDocument(into.workspace, saved, text)) rebuild();
    }
  }

  /** Whether a text has characters that the vocabulary of the texts themselves would have now. */
  function isStrange(text = ''): boolean {
    if (current?.isAlone !== true) return false;
    const { vocabulary } = current.session;
    return buildVocabulary([text], Infinity).codePoints.some((point) => tokenOf(vocabulary, point) === otherToken);
  }

  function rebuild(): void {
    if (indexed === undefined || followed === undefined) return;
    indexed = { ...indexed, atMs: -Infinity };
    follow(followed.model, followed.request);
  }

  function forget(): void {
    turn++;
    stale.clear();
    [current, indexed, followed, building] = [undefined, undefined, undefined, Promise.resolve()];
  }

  return {
    forget,
    follow: (model, request) => (request === undefined ? forget() : follow(model, request)),
    saved: (path) => void stale.add(path),
    turnTo(path) {
      if (indexed === undefined || stale.size - Number(stale.has(path)) === 0) return;
      catchingUp ??= catchUp(path)
        .catch((error: unknown) => logger.warn(`What was saved is not remembered: ${String(error)}`))
        .finally(() => (catchingUp = undefined));
    },
    of: (session) => (current?.session === session ? current.language : undefined),
    alone: () => (current?.isAlone === true ? current : undefined),
    async ready() {
      for (let awaited: unknown; awaited !== building;) {
        await catchingUp;
        awaited = building;
        await building;
      }
    },
  };
}
