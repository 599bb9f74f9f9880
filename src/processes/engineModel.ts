import type { ModelConfiguration, ProviderChoice } from '../core/configuration';
import type { Logger } from '../core/logger';
import { layoutOf, type Weights } from '../core/parameters';
import { createRandom } from '../core/random';
import { createVocabulary, type Vocabulary } from '../core/vocabulary';
import { chooseProvider, openGraph, type CheckedGraph, type ProviderDecision } from '../inference/providers';
import type { ModelSession } from '../inference/session';
import { exportModel } from '../onnx/exportModel';
import { stepGraph } from '../onnx/stepGraph';
import type { EngineStatus, LoadRequest } from '../protocol/engine';
import { graphName, readModel, type StoredModel } from '../protocol/modelDirectory';
import { afterCrashVariable } from './afterCrash';

/** Hidden units from which single steps by integers are faster (docs/experiments.md). */
const leastRounded = 64;

/** A model that is ready to be used. */
export interface LoadedModel {
  readonly stored: StoredModel;
  readonly graph: CheckedGraph;
  readonly session: ModelSession;
  readonly choice: ProviderChoice;
  readonly status: Omit<EngineStatus, 'answers'>;
}

/** Which model to load: that of a directory, on a provider. */
export type ModelRequest = Pick<LoadRequest, 'provider'> & { readonly directory: string };

/** The model in use, replaced while requests run. */
export interface ModelSlot {
  /** The model that new requests use. */
  current(): LoadedModel | undefined;
  /** Loads a model and makes it the current one; the old one stays until then, and to the end of what uses it. */
  load(request: ModelRequest): Promise<LoadedModel>;
  unload(): void;
  /** Works with the current model, which is kept meanwhile; undefined where there is none. */
  use<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result | undefined>;
}

/** @param changed told whenever another model, or none, is current */
export function createModelSlot(logger: Logger, changed: () => void): ModelSlot {
  /** What was found out about graphs of the same shape: a run exports one every few seconds. */
  const decisions = new Map<string, ProviderDecision>();
  const users = new Map<LoadedModel, number>();
  let current: LoadedModel | undefined;
  let loading: Promise<unknown> = Promise.resolve();

  function replace(next: LoadedModel | undefined): void {
    const old = current;
    if (next === old) return;
    current = next;
    changed();
    if (old !== undefined) releaseUnused(old);
  }

  function releaseUnused(model: LoadedModel): void {
    if (model === current || (users.get(model) ?? 0) > 0) return;
    users.delete(model);
    model.session.release().catch((error: unknown) => logger.warn(`A session was not released: ${String(error)}`));
  }

  async function open({ directory, provider }: ModelRequest): Promise<LoadedModel> {
    const stored = await readModel(directory);
    // An export never changes: what is loaded stays, with the hidden states of the open documents.
    if (current?.stored.directory === stored.directory && current.choice === provider) return current;
    const graph = graphOf(stored);
    const decision = await decide(graph, provider);
    const session = await openGraph(graph, decision.provider);
    return { stored, graph, session, choice: provider, status: statusOf(stored, decision) };
  }

  async function decide(graph: CheckedGraph, choice: ProviderChoice): Promise<ProviderDecision> {
    const shape = JSON.stringify([choice, graph.model, graph.vocabulary.size]);
    const known = decisions.get(shape);
    if (known !== undefined) return known;
    const decision = await chooseSafely(graph, choice);
    decisions.set(shape, decision);
    logger.info(`Execution provider ${decision.provider}. ${decision.reason}`);
    return decision;
  }

  return {
    current: () => current,
    load(request) {
      const next = loading.then(() => open(request));
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

/** A driver may bring the process down when it is tried: then `auto` is the CPU. */
async function chooseSafely(graph: CheckedGraph, choice: ProviderChoice): Promise<ProviderDecision> {
  if (choice !== 'auto' || process.env[afterCrashVariable] === undefined) return chooseProvider(graph, choice);
  const decision = await chooseProvider(graph, 'cpu');
  return { ...decision, reason: 'The engine has ended unexpectedly before, so that only the CPU is tried.' };
}

function graphOf({ manifest, graphs }: StoredModel): CheckedGraph {
  return withSteps(graphs.get(graphName)!, manifest.model, createVocabulary(manifest.codePoints));
}

function withSteps(bytes: Uint8Array, model: ModelConfiguration, vocabulary: Vocabulary): CheckedGraph {
  return { bytes, model, vocabulary, ...(model.hidden >= leastRounded && { steps: stepGraph(bytes) }) };
}

function statusOf({ directory, manifest }: StoredModel, { provider, reason }: ProviderDecision): LoadedModel['status'] {
  return { model: directory, id: manifest.id, provider, reason, validation: manifest.validation };
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
