import type { ProviderChoice } from '../../core/executionProviders';
import { describeError, isAborted } from '../../core/errors';
import type { Logger } from '../../core/logger';
import type { CheckedGraph } from '../../inference/checkedGraph';
import type { Pace } from '../../inference/readPrefix';
import { isProcessor, providersHere } from '../../inference/runtime';
import type { ProviderProfile, ProviderTrial } from '../../protocol/providers';
import { keepTrials, knownTrial, readTrials, type GraphShape, type KeptTrial, type Machine } from './keptTrials';
import { describeMachine } from './machine';
import type { Probe, Profile } from './probe';

/** What is tried, and what is remembered of it. */
export interface ProviderTrials {
  /**
   * One provider on a graph: what is known of it, or else what comes of trying it.
   * @param pace asked before it is tried; where that signal aborts meanwhile it is asked and tried again
   */
  of(graph: CheckedGraph, provider: string, pace: Pace): Promise<ProviderTrial>;
  /**
   * Every provider of this build. The processor, with which the others are compared, is left out where none of them works.
   * @param whole the processor is timed in any case
   */
  all(graph: CheckedGraph, pace: Pace, whole?: boolean): Promise<ProviderTrial[]>;
  /** Where the nodes run: on that provider, or by `auto` on each one that works. */
  profiles(graph: CheckedGraph, choice: ProviderChoice, pace: Pace): Promise<ProviderProfile[]>;
  /** As `all`, whatever is known. */
  again(graph: CheckedGraph, pace: Pace): Promise<ProviderTrial[]>;
}

export interface TrialOptions {
  readonly probe: Probe;
  readonly profile: Profile;
  readonly logger: Logger;
  /** Where trials are kept for all engines of this user; undefined: in this process only. */
  readonly folder: string | undefined;
  readonly machine?: () => Promise<Machine>;
}

export function createProviderTrials({
  probe,
  profile,
  logger,
  folder,
  machine = describeMachine,
}: TrialOptions): ProviderTrials {
  let own: KeptTrial[] = [];
  let described: Promise<Machine> | undefined;
  const here = (): Promise<Machine> => (described ??= machine());

  async function known(graph: CheckedGraph, provider: string): Promise<ProviderTrial | undefined> {
    const kept = folder === undefined ? [] : await readTrials(folder).catch(tell);
    return knownTrial([...kept, ...own], await here(), shapeOf(graph), provider);
  }

  async function tried(graph: CheckedGraph, provider: string, pace: Pace): Promise<ProviderTrial> {
    for (;;) {
      const signal = await pace();
      try {
        const trial = await probe(graph, provider, signal);
        await keep(graph, trial);
        return trial;
      } catch (error) {
        if (!isAborted(error)) throw error;
      }
    }
  }

  async function keep(graph: CheckedGraph, trial: ProviderTrial): Promise<void> {
    const kept = { on: await here(), shape: shapeOf(graph), trial };
    logger.info(`Execution provider ${trial.provider} ${trial.works ? 'works' : 'does not work'}: ${trial.detail}`);
    if (folder === undefined) own = [...own, kept];
    else await keepTrials(folder, [kept]).catch(tell);
  }

  /** Without the file everything is tried again. */
  function tell(error: unknown): [] {
    logger.warn(`What is known of execution providers could not be kept or read: ${describeError(error)}`);
    return [];
  }

  async function each(trial: (provider: string) => Promise<ProviderTrial>, isWhole: boolean): Promise<ProviderTrial[]> {
    const providers = await providersHere();
    const others: ProviderTrial[] = [];
    for (const provider of providers.filter((name) => !isProcessor(name))) others.push(await trial(provider));
    if (!isWhole && !others.some(({ works }) => works)) return others;
    const processors: ProviderTrial[] = [];
    for (const provider of providers.filter(isProcessor)) processors.push(await trial(provider));
    return [...processors, ...others];
  }

  async function profiles(graph: CheckedGraph, choice: ProviderChoice, pace: Pace): Promise<ProviderProfile[]> {
    const working = choice === 'auto' ? (await all(graph, pace, true)).filter(({ works }) => works) : [];
    const wanted = choice === 'auto' ? working.map(({ provider }) => provider) : [choice];
    const found: ProviderProfile[] = [];
    for (const provider of wanted) found.push(await profile(graph, provider, await pace()));
    return found;
  }

  const of: ProviderTrials['of'] = async (graph, provider, pace) =>
    (await known(graph, provider)) ?? tried(graph, provider, pace);
  const all: ProviderTrials['all'] = (graph, pace, whole = false) =>
    each((provider) => of(graph, provider, pace), whole);
  return {
    of,
    all,
    profiles,
    again: (graph, pace) => each((provider) => tried(graph, provider, pace), true),
  };
}

function shapeOf({ model, vocabulary }: CheckedGraph): GraphShape {
  return { ...model, vocabulary: vocabulary.size };
}
