import * as l10n from '@vscode/l10n';
import { describeError, isAborted } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { openGraph, type CheckedGraph } from '../../inference/checkedGraph';
import { describeChoice, fastestForWork } from '../../inference/providerChoice';
import { unhurried, type Pace } from '../../inference/readPrefix';
import { onnxRuntime } from '../../inference/runtime';
import type { WorkSession } from '../../inference/workSession';
import { workKinds, type ProviderReport, type ProviderTrial } from '../../protocol/providers';
import type { ProviderTrials } from './providerTrials';

/** A network, and what it is run with. */
export interface ProvidedModel {
  readonly graph: CheckedGraph;
  readonly work: WorkSession;
}

/**
 * Has each kind of work done by the provider that is fastest at it.
 * @param pace asked before anything that takes long
 * @returns what was found and chosen
 */
export async function useFastest(
  model: ProvidedModel,
  trials: readonly ProviderTrial[],
  pace: Pace,
  logger: Logger,
): Promise<ProviderReport> {
  const { graph, work } = model;
  const wanted = fastestForWork(trials, work.processor);
  const others = new Set(Object.values(wanted).filter((provider) => provider !== work.processor));
  for (const provider of others) {
    await pace();
    try {
      const session = await openGraph(graph, provider);
      for (const kind of workKinds) if (wanted[kind] === provider) work.assign(kind, session);
    } catch (error) {
      logger.warn(`${provider} worked when it was tried, and does not now: ${describeError(error)}`);
    }
  }
  const { warning } = await onnxRuntime();
  return reportOf(work, trials, warning);
}

/** What is in use now. @param warning why all of it is slower than it could be */
export function reportOf(
  work: WorkSession,
  trials: readonly ProviderTrial[],
  warning: string | null = null,
): ProviderReport {
  const providers = work.providers();
  const failures = trials.filter(({ works }) => !works);
  const why = failures.map(({ provider, detail }) => l10n.t`${provider} does not work: ${detail}`);
  const reason = [...(warning === null ? [] : [warning]), describeChoice(providers), ...why].join(' ');
  return { providers, reason, trials: [...trials] };
}

/** Follows the model in use: what is fastest for it is found out and used, where the provider is to be chosen. */
export interface ProviderUse<Model extends ProvidedModel> {
  follow(model: Model): void;
  /** Resolves when what is fastest for a model is in use, or cannot be: somebody waits for long work. */
  now(model: Model): Promise<void>;
  forget(): void;
}

export interface ProviderUseOptions<Model extends ProvidedModel> {
  readonly trials: ProviderTrials;
  /** Keeps a model while it is worked with; undefined where it is not in use any more. */
  readonly keeping: (model: Model, work: () => Promise<void>) => Promise<unknown>;
  /** When something long may be done, until the signal aborts. */
  readonly pace: (signal: AbortSignal) => Pace;
  readonly logger: Logger;
  readonly report: (report: ProviderReport, model: Model) => void;
}

export function createProviderUse<Model extends ProvidedModel>(options: ProviderUseOptions<Model>): ProviderUse<Model> {
  const { trials, keeping, logger, report } = options;
  let following: { readonly model: Model; readonly done: Promise<void>; readonly isAwaited: boolean } | undefined;
  let controller = new AbortController();

  async function choose(model: Model, pace: Pace): Promise<void> {
    const found = await trials.all(model.graph, pace);
    await keeping(model, async () => report(await useFastest(model, found, pace, logger), model));
  }

  function tell(error: unknown): void {
    if (!isAborted(error)) logger.warn(`Execution providers were not tried: ${describeError(error)}`);
  }

  function start(model: Model, isAwaited: boolean): Promise<void> {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const done = choose(model, isAwaited ? unhurried(signal) : options.pace(signal)).catch(tell);
    following = { model, done, isAwaited };
    return done;
  }

  return {
    follow(model) {
      if (following?.model !== model) void start(model, false);
    },
    async now(model) {
      if (following?.model === model) await (following.isAwaited ? following.done : start(model, true));
    },
    forget() {
      controller.abort();
      following = undefined;
    },
  };
}
