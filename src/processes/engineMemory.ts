import type { Logger } from '../core/logger';
import { setTimeout as wait } from 'node:timers/promises';
import { createLanguageMemory, type LanguageMemory } from '../memory/languageMemory';
import { initialWeights, type MemoryWeights } from '../memory/memoryWeights';
import type { WorkspaceMemory } from '../memory/workspaceMemory';
import type { ModelSession } from '../inference/session';
import type { MemoryRequest } from '../protocol/engine';
import { readRunOfModel } from '../protocol/modelDirectory';
import { keptWeights, memoryWeightsOf } from './engineMemoryEvaluation';
import type { LoadedModel, ModelSlot } from './engineModel';
import type { BuildMemory } from './memoryWorker';

/** The language-model memory beside the model in use, built in the background. */
export interface EngineMemory {
  /** Builds what belongs to a model that was just loaded; without a request nothing is remembered. */
  follow(model: LoadedModel, request: MemoryRequest | undefined): void;
  /** Gives back what is remembered. */
  forget(): void;
  /** What there is of it now for this session: until the workspace is indexed the open documents alone. */
  of(session: ModelSession): LanguageMemory | undefined;
  /** Resolves when nothing is being built any more. */
  ready(): Promise<void>;
}

/** While a training runs an export comes every few seconds: only what stays is fitted to. */
const fitAfterMs = 5_000;
/** The workspace is read again for a new model, but not for each of a training's. */
const staleAfterMs = 60_000;

interface Indexed {
  readonly key: string;
  readonly workspace: WorkspaceMemory;
  readonly atMs: number;
}

export function createEngineMemory(slot: ModelSlot, build: BuildMemory, logger: Logger): EngineMemory {
  let indexed: Indexed | undefined;
  let current: { session: ModelSession; language: LanguageMemory } | undefined;
  let fitted: MemoryWeights | undefined;
  let building: Promise<void> = Promise.resolve();
  /** Raised by every load: what is built for an older one is left. */
  let turn = 0;

  function use({ session }: LoadedModel, weights: MemoryWeights): void {
    const language = createLanguageMemory(session.vocabulary, indexed?.workspace, weights);
    current = { session, language };
  }

  async function index({ session }: LoadedModel, request: MemoryRequest, key: string, own: number): Promise<void> {
    if (indexed?.key === key && performance.now() - indexed.atMs < staleAfterMs) return;
    const { codePoints } = session.vocabulary;
    const workspace = await build({ ...request, codePoints }, logger);
    if (own === turn) indexed = { key, workspace, atMs: performance.now() };
  }

  async function prepare(model: LoadedModel, request: MemoryRequest, own: number): Promise<void> {
    const key = JSON.stringify([request.folders, request.corpus, model.session.vocabulary.codePoints]);
    if (indexed?.key !== key) indexed = undefined;
    const kept = await keptWeights(model.stored);
    if (own === turn) use(model, kept ?? fitted ?? initialWeights());
    await index(model, request, key, own);
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

  function forget(): void {
    turn++;
    [current, indexed, building] = [undefined, undefined, Promise.resolve()];
  }

  return {
    forget,
    follow(model, request) {
      if (request === undefined) {
        forget();
        return;
      }
      const own = ++turn;
      if (current?.session !== model.session) current = undefined;
      building = prepare(model, request, own).catch((error: unknown) =>
        logger.warn(`The workspace is not remembered: ${String(error)}`),
      );
    },
    of: (session) => (current?.session === session ? current.language : undefined),
    async ready() {
      for (let own = -1; own !== turn;) {
        own = turn;
        await building;
      }
    },
  };
}
