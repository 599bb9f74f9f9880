import * as l10n from '@vscode/l10n';
import type { ModelConfiguration } from '../../core/configuration';
import type { ProviderChoice } from '../../core/executionProviders';
import { describeError, isUserError, UserError } from '../../core/errors';
import { allFinite } from '../../core/finite';
import type { Logger } from '../../core/logger';
import { layoutOf, type Weights } from '../../core/parameters';
import { createRandom } from '../../core/random';
import { createVocabulary, type Vocabulary } from '../../text/vocabulary';
import { openGraph, type CheckedGraph } from '../../inference/checkedGraph';
import { tryProvider } from '../../inference/providerTrial';
import { unhurried } from '../../inference/readPrefix';
import { isProcessor, onnxRuntime, providersHere } from '../../inference/runtime';
import { zeroState, type ModelSession } from '../../inference/session';
import { createWorkSession, type WorkSession } from '../../inference/workSession';
import { exportModel } from '../../onnx/exportModel';
import { importModel } from '../../onnx/importModel';
import { stepGraph } from '../../onnx/stepGraph';
import type { EngineStatus, LoadRequest } from '../../protocol/engine';
import { workKinds, type ProviderTrial } from '../../protocol/providers';
import { graphName, readModel, type StoredModel } from '../../store/modelDirectory';
import { afterCrashVariable } from '../../ipc/afterCrash';
import type { ProviderTrials } from '../providers/providerTrials';

/** Hidden units from which single steps by integers are faster (docs/experiments.md). */
const leastRounded = 64;

/** A model that is ready to be used. */
export interface LoadedModel {
  readonly stored: StoredModel;
  readonly graph: CheckedGraph;
  readonly session: ModelSession;
  /** The same, with the providers that it runs on. */
  readonly work: WorkSession;
  readonly choice: ProviderChoice;
  /** What it runs on may be chosen by how fast it is. */
  readonly isChoosable: boolean;
  readonly status: Omit<EngineStatus, 'answers'>;
}

/** Which model to load: that of a directory, on a provider. */
export type ModelRequest = Pick<LoadRequest, 'provider' | 'isBase'> & { readonly directory: string };

/** The model in use, replaced while requests run. */
export interface ModelSlot {
  /** The model that new requests use. */
  current(): LoadedModel | undefined;
  /**
   * Loads a model and makes it the current one; the old one stays until then, and to the end of what uses it, and where the
   * signal is aborted before.
   */
  load(request: ModelRequest, signal?: AbortSignal): Promise<LoadedModel>;
  unload(): void;
  /** Works with the current model, which is kept meanwhile; undefined where there is none. */
  use<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result | undefined>;
}

/** What is told of models. */
export interface ModelSlotEvents {
  /** Another model, or none, is current. */
  changed(): void;
  /** An execution provider failed in the middle of work, and is not used any more. */
  lost(model: LoadedModel): void;
}

export function createModelSlot(logger: Logger, trials: ProviderTrials, events: ModelSlotEvents): ModelSlot {
  const users = new Map<LoadedModel, number>();
  let current: LoadedModel | undefined;
  let loading: Promise<unknown> = Promise.resolve();

  function replace(next: LoadedModel | undefined): void {
    const old = current;
    if (next === old) return;
    current = next;
    events.changed();
    if (old !== undefined) releaseUnused(old);
  }

  function releaseUnused(model: LoadedModel): void {
    if (model === current || (users.get(model) ?? 0) > 0) return;
    users.delete(model);
    model.session.release().catch((error: unknown) => logger.warn(`A session was not released: ${String(error)}`));
  }

  async function open(
    { directory, provider, isBase = false }: ModelRequest,
    signal?: AbortSignal,
  ): Promise<LoadedModel> {
    signal?.throwIfAborted();
    const stored = await readModel(directory, requireSound);
    for (const problem of stored.problems) logger.warn(`A model is passed over: ${problem}`);
    // An export never changes: what is loaded stays, with the hidden states of the open documents.
    const isSame = current?.stored.directory === stored.directory && current.status.isBase === isBase;
    if (isSame && current?.choice === provider) return current;
    const graph = graphOf(stored);
    signal?.throwIfAborted();
    const started = await start(graph, provider, signal);
    const { work, reason } = started;
    const status = { ...describe(stored, isBase), provider: work.providers().completing, reason };
    const isChoosable = provider === 'auto' && !hasCrashed();
    const model = { stored, graph, session: work.session, work, choice: provider, isChoosable, status };
    started.onLost = () => events.lost(model);
    return model;
  }

  async function start(
    graph: CheckedGraph,
    choice: ProviderChoice,
    signal: AbortSignal | undefined,
  ): Promise<StartedModel> {
    try {
      const processor = await openOnProcessor(graph);
      signal?.throwIfAborted();
      const started: StartedModel = { work: createWorkSession(processor, lost), reason: await reasonFor(choice) };
      function lost(provider: string, error: unknown): void {
        logger.warn(`${provider} has failed, and the processor goes on in its place: ${describeError(error)}`);
        started.onLost?.();
      }
      if (choice !== 'auto' && choice !== 'cpu') await useNamed(graph, choice, started.work, signal);
      return started;
    } catch (error) {
      if (signal?.aborted === true || isUserError(error)) throw error;
      throw (await problemOf(graph)) ?? error;
    }
  }

  /** @throws UserError where it does not work here */
  async function useNamed(
    graph: CheckedGraph,
    provider: string,
    work: WorkSession,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    try {
      const trial = await trials.of(graph, provider, unhurried(signal));
      if (!trial.works) throw notWorking(trial);
      const other = await openGraph(graph, provider);
      for (const kind of workKinds) work.assign(kind, other);
    } catch (error) {
      await work.session.release();
      throw error;
    }
  }

  return {
    current: () => current,
    load(request, signal) {
      const next = loading.then(() => open(request, signal));
      loading = next.then(replace, () => undefined);
      return next;
    },
    unload() {
      loading = loading.then(() => replace(undefined));
    },
    async use(work) {
      const model = current;
      if (model === undefined) return undefined;
      users.set(model, (users.get(model) ?? 0) + 1);
      try {
        return await work(model);
      } finally {
        users.set(model, users.get(model)! - 1);
        releaseUnused(model);
      }
    },
  };
}

/** @throws Error with a sentence where the graph does not hold the network that its manifest describes */
function requireSound({ directory, manifest, graphs }: StoredModel): void {
  try {
    importModel(graphs.get(graphName)!, manifest.model, createVocabulary(manifest.codePoints).size);
  } catch (error) {
    throw new Error(`${directory} is not the model that its manifest describes. ${describeError(error)}`, {
      cause: error,
    });
  }
}

/** Weights may be finite and what they give is not. */
async function requireFinite(session: ModelSession): Promise<void> {
  const ids = Int32Array.from({ length: 8 }, (_, index) => index % session.vocabulary.size);
  const { logits } = await session.run(ids, 1, zeroState(session.model));
  if (!allFinite(logits)) {
    await session.release();
    throw new UserError(
      l10n.t('The model cannot be used: what it gives is not finite.'),
      l10n.t('Train again, or use another model.'),
    );
  }
}

/** A sentence where onnxruntime runs other graphs here, and not this one. */
async function problemOf(graph: CheckedGraph): Promise<UserError | undefined> {
  const own = await tryProvider(graph, 'cpu');
  if (own.works || !(await tryProvider(trialGraph(), 'cpu')).works) return undefined;
  return new UserError(
    l10n.t`The model cannot be used: onnxruntime does not run its graph (${own.detail.replace(/\.$/, '')}).`,
    l10n.t('Train again, or use another model.'),
  );
}

function notWorking({ provider, detail }: ProviderTrial): UserError {
  return new UserError(
    l10n.t`The execution provider '${provider}' does not work here: ${detail}`,
    l10n.t("Set the provider to 'auto' or 'cpu'; checking the installation tries it again."),
  );
}

interface StartedModel {
  readonly work: WorkSession;
  readonly reason: string;
  onLost?: () => void;
}

async function openOnProcessor(graph: CheckedGraph): Promise<ModelSession> {
  const session = await openGraph(graph, (await providersHere()).find(isProcessor)!);
  await requireFinite(session);
  return session;
}

/** Why a model runs on what it begins with. */
async function reasonFor(choice: ProviderChoice): Promise<string> {
  const { warning } = await onnxRuntime();
  const why =
    choice !== 'auto'
      ? l10n.t('Set by the user.')
      : hasCrashed()
        ? l10n.t('The engine has ended unexpectedly before, so that only the processor is used.')
        : l10n.t('The processor, until others are known to be faster.');
  return warning === null ? why : `${warning} ${why}`;
}

/** A provider in use may have brought the process down. */
function hasCrashed(): boolean {
  return process.env[afterCrashVariable] !== undefined;
}

function graphOf({ manifest, graphs }: StoredModel): CheckedGraph {
  return withSteps(graphs.get(graphName)!, manifest.model, createVocabulary(manifest.codePoints));
}

function withSteps(bytes: Uint8Array, model: ModelConfiguration, vocabulary: Vocabulary): CheckedGraph {
  return { bytes, model, vocabulary, ...(model.hidden >= leastRounded && { steps: stepGraph(bytes) }) };
}

function describe(
  { directory, manifest }: StoredModel,
  isBase: boolean,
): Pick<EngineStatus, 'model' | 'id' | 'isBase' | 'validation'> {
  const { id, validation } = manifest;
  // The base was measured on other texts.
  return { model: directory, id, isBase, validation: isBase ? null : validation };
}

/** A network of usual size with random weights, to try providers where nothing has been trained yet. */
export function trialGraph(): CheckedGraph {
  const model = { cell: 'lstm', hidden: 256, layers: 1, embedding: 64 } as const;
  const vocabulary = createVocabulary(Array.from({ length: 97 }, (_, index) => 32 + index));
  const layout = layoutOf(model, vocabulary.size);
  const random = createRandom(1);
  const values = new Float32Array(layout.length).map(() => 0.1 * (random.uniform() - 0.5));
  const weights: Weights = { model, vocabularySize: vocabulary.size, layout, values };
  return withSteps(exportModel(weights, vocabulary, { step: 0, validation: null, test: null }), model, vocabulary);
}
