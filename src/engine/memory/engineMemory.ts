import type { Logger } from '../../core/logger';
import { defaultWeights } from '../../memory/experts/defaultWeights';
import { createLanguageMemory, type LanguageMemory } from '../../memory/languageMemory';
import { initialWeights, withoutNetwork, type MemoryWeights } from '../../memory/memoryWeights';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { ModelSession } from '../../inference/session';
import { createUniformSession } from '../../inference/uniformSession';
import type { MemoryRequest } from '../../protocol/engine';
import type { EngineDocument, EngineDocuments } from '../documents/engineDocuments';
import type { LoadedModel } from '../model/engineModel';
import type { BuildMemory } from './memoryWorker';
import { createWorkspaceIndex } from './workspaceIndex';

/** The language-model memory beside the model in use, built in the background. */
export interface EngineMemory {
  /**
   * Builds what belongs to a model that was just loaded, or answers alone where there is none; without a request nothing is
   * remembered.
   */
  follow(model: LoadedModel | undefined, request: MemoryRequest | undefined): void;
  /** How far it is to be trusted beside a model that was loaded. */
  trust(model: LoadedModel, weights: MemoryWeights): void;
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
  /** The index of the workspace, where it is built. */
  workspace(): WorkspaceMemory | undefined;
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

/** What was loaded last, and how far the memory is trusted beside it. */
interface Followed {
  readonly model: LoadedModel | undefined;
  readonly weights: MemoryWeights;
}

export function createEngineMemory(
  documents: Pick<EngineDocuments, 'all'>,
  build: BuildMemory,
  logger: Logger,
): EngineMemory {
  const index = createWorkspaceIndex(documents, build, renew, logger);
  let followed: Followed | undefined;
  let current: (MemoryAlone & { readonly isAlone: boolean }) | undefined;
  /** To the last model that any were fitted to. */
  let fitted: MemoryWeights | undefined;

  /** What answers now. */
  function renew(): void {
    current = followed && answering(followed, index.current());
  }

  function use(model: LoadedModel | undefined, weights: MemoryWeights): void {
    followed = { model, weights };
    renew();
  }

  function follow(model: LoadedModel | undefined, request: MemoryRequest): void {
    index.follow(request);
    if (model === undefined) {
      use(undefined, withoutNetwork(initialWeights()));
      return;
    }
    if (followed?.model !== model) use(model, fitted ?? defaultWeights());
  }

  function forget(): void {
    followed = undefined;
    index.forget();
    renew();
  }

  return {
    forget,
    trust(model, weights) {
      fitted = weights;
      if (followed?.model === model) use(model, weights);
    },
    follow: (model, request) => (request === undefined ? forget() : follow(model, request)),
    changed: (changed) => index.changed(changed),
    filesChanged: (paths) => index.filesChanged(paths),
    turnTo: (document) => index.turnTo(document),
    of: (session) => (current?.session === session ? current.language : undefined),
    workspace: () => index.current(),
    alone: () => (current?.isAlone === true ? current : undefined),
    ready: () => index.ready(),
  };
}

/** Beside a network the open documents are remembered even before the workspace is indexed. */
function answering(
  { model, weights }: Followed,
  workspace: WorkspaceMemory | undefined,
): (MemoryAlone & { readonly isAlone: boolean }) | undefined {
  const vocabulary = workspace?.vocabulary ?? model?.session.vocabulary;
  if (vocabulary === undefined) return undefined;
  const language = createLanguageMemory(vocabulary, workspace, weights);
  return { session: model?.session ?? createUniformSession(vocabulary), language, isAlone: model === undefined };
}
