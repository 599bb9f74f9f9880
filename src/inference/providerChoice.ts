import * as l10n from '@vscode/l10n';
import {
  workKinds,
  type ProviderOfWork,
  type ProviderTimes,
  type ProviderTrial,
  type WorkKind,
} from '../protocol/providers';
import { isProcessor } from './runtime';

/** What each kind of work is judged by. */
const timeOf: Readonly<Record<WorkKind, (times: ProviderTimes) => number>> = {
  completing: ({ completionMs }) => completionMs,
  reading: ({ prefixMs }) => prefixMs,
  scoring: ({ scoringMs }) => scoringMs,
};

/** Leaving the processor costs memory and the start of another library: what is hardly faster is not worth it. */
const leastGain = 1.25;

/**
 * The fastest provider for each kind of work, of those that work.
 * @param processor what is used where nothing else is clearly faster
 */
export function fastestForWork(trials: readonly ProviderTrial[], processor: string): ProviderOfWork {
  const choose = (kind: WorkKind): string => {
    const timed = trials.flatMap(({ provider, times }) =>
      times === null ? [] : [{ provider, ms: timeOf[kind](times) * (isProcessor(provider) ? 1 : leastGain) }],
    );
    return timed.reduce((best, next) => (next.ms < best.ms ? next : best), {
      provider: processor,
      ms: timed.find(({ provider }) => provider === processor)?.ms ?? Infinity,
    }).provider;
  };
  return Object.fromEntries(workKinds.map((kind) => [kind, choose(kind)])) as Record<WorkKind, string>;
}

/** One sentence. */
export function describeChoice(work: ProviderOfWork): string {
  const { completing, reading, scoring } = work;
  if (completing === reading && reading === scoring) return l10n.t`The fastest here for everything is ${completing}.`;
  return l10n.t`The fastest here: ${completing} for completing, ${reading} for reading, ${scoring} for scoring.`;
}
