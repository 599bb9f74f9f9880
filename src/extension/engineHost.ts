import { describeError, isUserError } from '../core/errors';
import type { ConfidenceCurves } from '../core/completionFigures';
import type { ProviderChoice } from '../core/configuration';
import type { Logger } from '../core/logger';
import { startEngine, type EngineClient } from '../processes/client';
import { noModel, type EngineStatus, type MemoryRequest } from '../protocol/engine';
import { createSignal, type Signal } from './signal';

export type Engine = EngineClient['remote'];

export interface EngineHostOptions {
  /** Absolute path of the engine's bundle. */
  readonly entry: string;
  readonly logger: Logger;
  /** The folder of models now, and the one in use there; undefined where there is none. */
  currentModel(): Promise<{ readonly directory: string; readonly id: string } | undefined>;
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
  /** The engine with a model in it, be it the memory alone; undefined where there is none or it cannot be used. */
  ready(): Promise<Engine | undefined>;
  /** The engine, with or without a model. */
  started(): Engine;
  /** Loads what `current.json` names now, or else the memory alone, if that is not done already; starts the engine where it must. */
  reload(): Promise<void>;
  /** Gives the model back, where one is loaded. */
  unload(): Promise<void>;
  readonly statusChanged: Signal<EngineStatus>;
  /** The engine has forgotten every document: it was started again. */
  readonly restarted: Signal<undefined>;
  dispose(): void;
}

const notStarted: EngineStatus = { ...noModel, reason: 'A model is loaded as soon as a document is open.' };

export function createEngineHost(options: EngineHostOptions): EngineHost {
  const statusChanged = createSignal<EngineStatus>();
  const restarted = createSignal<undefined>();
  let client: EngineClient | undefined;
  let status = notStarted;
  /** What the loaded model was asked for with. */
  let chosen = '';
  /** Loads follow one another; the last one of the queue decides. */
  let loading: Promise<void> | undefined;
  let lastFailure = '';

  function started(): Engine {
    client ??= startEngine(
      { entry: options.entry, logger: options.logger, onRestart, onCrash: options.report },
      { calibrated: options.calibrated },
    );
    return client.remote;
  }

  function onRestart(): void {
    setStatus(noModel);
    restarted.tell(undefined);
    void reload();
  }

  function setStatus(next: EngineStatus): void {
    status = next;
    statusChanged.tell(status);
  }

  function reload(): Promise<void> {
    const next = (loading ?? Promise.resolve()).then(load).catch(tellOnce);
    loading = next;
    return next;
  }

  async function load(): Promise<void> {
    const current = await options.currentModel();
    const memory = options.memory();
    if (current === undefined && memory === undefined) return unloadNow();
    const directory = current?.directory ?? null;
    const request = { directory, provider: options.provider(), ...(memory && { memory }) };
    // An export is told twice: by the trainer, and by the file that names it.
    if (status.answers !== null && status.id === (current?.id ?? null) && chosen === JSON.stringify(request)) return;
    setStatus(await started().load(request));
    chosen = JSON.stringify(request);
    lastFailure = '';
    options.logger.info(
      status.id === null ? status.reason : `Model ${status.id} is in use on ${status.provider}: ${status.reason}`,
    );
  }

  async function unloadNow(): Promise<void> {
    if (client !== undefined && status.answers !== null) await client.remote.unload();
    setStatus(noModel);
  }

  /** A model that cannot be loaded is asked for at every key: the same sentence is shown once. */
  function tellOnce(error: unknown): void {
    if (status.answers === null) setStatus({ ...noModel, reason: describeError(error) });
    if (describeError(error) !== lastFailure) options.report(error);
    else if (!isUserError(error)) options.logger.debug(describeError(error));
    lastFailure = describeError(error);
  }

  return {
    get status() {
      return status;
    },
    async ready() {
      if (status.answers === null) await (loading ?? reload());
      return status.answers === null ? undefined : client?.remote;
    },
    started,
    reload,
    unload: () => (loading = (loading ?? Promise.resolve()).then(unloadNow).catch(tellOnce)),
    statusChanged,
    restarted,
    dispose: () => client?.dispose(),
  };
}
