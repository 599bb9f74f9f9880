import * as l10n from '@vscode/l10n';
import { describeError, isAborted, isUserError, UserError } from '../core/errors';
import type { ConfidenceCurves } from '../offers/measuring/completionFigures';
import type { ProviderChoice } from '../core/executionProviders';
import type { Logger } from '../core/logger';
import { engineEnvironment } from '../cuda/installedRuntime';
import { timeLines } from '../protocol/providerTable';
import type { ProviderReport } from '../protocol/providers';
import { startEngine, type EngineClient } from '../ipc/client';
import { ProcessEnded } from '../ipc/processEnded';
import type { Event, NewEmitter } from './emitter';
import { noModel, type EngineStatus, type LoadRequest, type MemoryRequest } from '../protocol/engine';

export type Engine = EngineClient['remote'];

export interface EngineHostOptions {
  /** Absolute path of the engine's bundle. */
  readonly entry: string;
  /** Where the engine keeps what belongs to this machine and to no workspace. */
  readonly machineFolder: string;
  readonly logger: Logger;
  /** The folder of models now, and the one in use there; undefined where there is none. */
  currentModel(): Promise<{ readonly directory: string; readonly id: string } | undefined>;
  /** The folder of the model that comes with Recur; undefined where there is none. */
  base(): Promise<string | undefined>;
  provider(): ProviderChoice;
  /** The workspace to remember beside the network; undefined: none. */
  memory(): MemoryRequest | undefined;
  /** What confidence means for the model in use is known now; null: there is none in use. */
  readonly calibrated: (curves: ConfidenceCurves | null) => void;
  /** Tells the user. */
  readonly report: (error: unknown) => void;
}

/** The engine of this window: started when it is first needed, with the model that is in use. */
export interface EngineHost {
  readonly status: EngineStatus;
  /** What runs the model in use; undefined until that is found out. */
  readonly providers: ProviderReport | undefined;
  /**
   * The engine with something in it that completes: a model of the workspace, or where none can be used the one that comes with
   * Recur, or the memory alone; undefined where there is none of them. What could not be loaded is tried again when it, or what it is asked for with, has changed.
   */
  ready(): Promise<Engine | undefined>;
  /** The engine, with or without a model. */
  started(): Engine;
  /** Loads what `current.json` names now, or else what stands in for it, if that is not done already; starts the engine where it must. */
  reload(): Promise<void>;
  /** As {@link reload}, where anything was to be loaded before: what it is loaded with has changed. */
  reconsider(): Promise<void>;
  /** Gives the model back, where one is loaded. */
  unload(): Promise<void>;
  readonly onDidChangeStatus: Event<EngineStatus>;
  readonly onDidChangeProviders: Event<undefined>;
  /** The engine has forgotten every document: it was started again. */
  readonly onDidRestart: Event<undefined>;
  dispose(): void;
}

const notStarted = (): EngineStatus => ({
  ...noModel,
  reason: l10n.t('A model is loaded as soon as a document is open.'),
});

export function createEngineHost(options: EngineHostOptions, newEmitter: NewEmitter): EngineHost {
  const statusChanged = newEmitter<EngineStatus>();
  const restarted = newEmitter<undefined>();
  const providersChanged = newEmitter<undefined>();
  let client: EngineClient | undefined;
  let status = notStarted();
  let providers: ProviderReport | undefined;
  /** What was tried last, loaded or not; undefined: nothing since the engine was started. */
  let tried: string | undefined;
  let hasFailed = false;
  /** Loads follow one another; the last one of the queue decides. */
  let loading: Promise<void> = Promise.resolve();
  /** The one that has not begun: whoever asks meanwhile waits for it too. */
  let next: { again: boolean } | undefined;
  let controller = new AbortController();
  let lastFailure = '';
  /** What engines have ended of while they loaded it, by {@link modelOf}: it is left out until it is another one. */
  const fatal = new Map<string, UserError>();

  function started(): Engine {
    client ??= startEngine(
      {
        ...{ entry: options.entry, logger: options.logger, onRestart, onCrash: options.report },
        environment: engineEnvironment(options.machineFolder),
      },
      { calibrated: options.calibrated, providers: takeProviders },
    );
    return client.remote;
  }

  function onRestart(): void {
    tried = undefined;
    setStatus(noModel);
    restarted.fire(undefined);
    void load(true);
  }

  function takeProviders(report: ProviderReport): void {
    const { providers: inUse, reason, trials } = report;
    options.logger.info([reason, ...timeLines(trials)].join('\n'));
    if (status.id !== null) setStatus({ ...status, provider: inUse.completing, reason });
    // One that was lost says so without the trials.
    setProviders(trials.length > 0 || providers === undefined ? report : { ...report, trials: providers.trials });
  }

  function setProviders(report: ProviderReport | undefined): void {
    if (report === providers) return;
    providers = report;
    providersChanged.fire(undefined);
  }

  /** What was found out holds for the model that it was found out for. */
  function setStatus(newest: EngineStatus): void {
    if (newest.id !== status.id) setProviders(undefined);
    status = newest;
    statusChanged.fire(status);
  }

  /** @param again also what could not be loaded the last time */
  function load(again: boolean): Promise<void> {
    if (next === undefined) {
      const own = (next = { again });
      loading = loading.then(() => loadNow(own)).catch(tell);
    }
    next.again ||= again;
    return loading;
  }

  async function loadNow(own: { readonly again: boolean }): Promise<void> {
    if (next === own) next = undefined;
    const { key, id, requests } = await wishesOf(options);
    // An export is told twice: by the trainer, and by the file that names it.
    if (key === tried && !(hasFailed && own.again)) return;
    [tried, hasFailed] = [key, false];
    if (requests.length === 0) return unloadNow();
    for (const request of requests) {
      if (!isLeftOut(request, id) && (await loads(request, id))) return;
      // What is in use is worth more than what would have been used in place of the one that fails.
      if (status.answers !== null) return;
    }
  }

  /**
   * Whether a request can be met.
   * @throws ProcessEnded where there is no engine any more: everything is loaded anew into the next one
   */
  async function loads(request: LoadRequest, id: string | undefined): Promise<boolean> {
    const { signal } = controller;
    try {
      const loaded = await started().load(request, signal);
      signal.throwIfAborted();
      setStatus(hasFailed ? { ...loaded, reason: `${lastFailure} ${loaded.reason}` } : loaded);
      if (!hasFailed) lastFailure = '';
      options.logger.info(sentenceOf(status));
      return true;
    } catch (error) {
      if (error instanceof ProcessEnded) {
        if (!error.wasGone && !signal.aborted) leaveOut(request, id);
        throw error;
      }
      if (!isAborted(error)) hasFailed = true;
      tell(error);
      return false;
    }
  }

  function isLeftOut(request: LoadRequest, id: string | undefined): boolean {
    const error = fatal.get(modelOf(request, id));
    if (error === undefined) return false;
    hasFailed = true;
    fail(error);
    return true;
  }

  /** The memory is built when it is loaded already: an engine that ends before has not ended of it. */
  function leaveOut(request: LoadRequest, id: string | undefined): void {
    if (request.directory === null) return;
    const error = new UserError(
      l10n.t`The completion engine has ended while it loaded the model in ${request.directory}.`,
      l10n.t('Something else completes until there is another model there, or the editor is started again.'),
    );
    fatal.set(modelOf(request, id), error);
    options.report(error);
  }

  async function unloadNow(): Promise<void> {
    tried = undefined;
    if (client !== undefined && status.answers !== null) await client.remote.unload();
    setStatus(noModel);
  }

  function unload(): Promise<void> {
    controller.abort();
    controller = new AbortController();
    next = undefined;
    return (loading = loading.then(unloadNow).catch(tell));
  }

  /** A model that cannot be loaded is asked for again and again: the same sentence is shown once. */
  function tell(error: unknown): void {
    if (isAborted(error) || error instanceof ProcessEnded) return;
    if (describeError(error) !== lastFailure) options.report(error);
    else if (!isUserError(error)) options.logger.debug(describeError(error));
    fail(error);
  }

  /** What is said of the status until something can be loaded, and of what is loaded in its place. */
  function fail(error: unknown): void {
    lastFailure = describeError(error);
    if (status.answers === null) setStatus({ ...noModel, reason: lastFailure });
  }

  return {
    get status() {
      return status;
    },
    get providers() {
      return providers;
    },
    async ready() {
      if (status.answers === null) await load(false);
      return status.answers === null ? undefined : client?.remote;
    },
    started,
    reload: () => load(true),
    reconsider: () => (tried === undefined ? Promise.resolve() : load(true)),
    unload,
    onDidChangeStatus: statusChanged.event,
    onDidChangeProviders: providersChanged.event,
    onDidRestart: restarted.event,
    dispose() {
      controller.abort();
      client?.dispose();
    },
  };
}

interface Wishes {
  readonly key: string;
  /** Of the workspace's model. */
  readonly id: string | undefined;
  readonly requests: readonly LoadRequest[];
}

/** What may be loaded now, what is wanted most first. */
async function wishesOf(options: EngineHostOptions): Promise<Wishes> {
  const current = await options.currentModel();
  const base = await options.base();
  const memory = options.memory();
  const models = [
    ...(current === undefined ? [] : [{ directory: current.directory }]),
    ...(base === undefined ? [] : [{ directory: base, isBase: true }]),
    ...(memory === undefined ? [] : [{ directory: null }]),
  ];
  const requests = models.map((model) => ({ ...model, provider: options.provider(), ...(memory && { memory }) }));
  return { key: JSON.stringify([current?.id, requests]), id: current?.id, requests };
}

/** Which model a request loads, and on what. @param id of the workspace's model */
function modelOf({ directory, isBase, provider }: LoadRequest, id: string | undefined): string {
  return JSON.stringify([directory, isBase === true ? null : id, provider]);
}

function sentenceOf({ id, provider, reason }: EngineStatus): string {
  return id === null ? reason : `Model ${id} is in use on ${provider}: ${reason}`;
}
