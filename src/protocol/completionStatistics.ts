import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { count } from '../store/files';

/** What became of the completions in a workspace. It stays on this machine. */
export const completionStatisticsSchema = v.object({
  /** Given to the editor, which tells of no display. */
  offered: count,
  accepted: count,
  /** Accepted by the word or line, and not to their end. */
  partly: count,
  rejected: count,
  /** UTF-16 units that were accepted instead of typed. */
  charactersSaved: count,
  /** From the editor's call to the answer, the newest last. */
  latenciesMs: v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(0))), v.maxLength(1_000)),
});
export type CompletionStatistics = v.InferOutput<typeof completionStatisticsSchema>;

export const noStatistics: CompletionStatistics = {
  offered: 0,
  accepted: 0,
  partly: 0,
  rejected: 0,
  charactersSaved: 0,
  latenciesMs: [],
};

const latency = v.nullable(v.pipe(v.number(), v.finite()));

/** The same as the panel shows it. */
export const completionSummarySchema = v.object({
  offered: count,
  accepted: count,
  partly: count,
  rejected: count,
  charactersSaved: count,
  /** Percentiles of the newest 1,000 answers; null where there are none. */
  latencyMs: v.object({ p50: latency, p95: latency, p99: latency }),
});
export type CompletionSummary = v.InferOutput<typeof completionSummarySchema>;

/** One more answer; the oldest is forgotten where there are too many. */
export function withLatency(statistics: CompletionStatistics, milliseconds: number): CompletionStatistics {
  return { ...statistics, latenciesMs: [...statistics.latenciesMs.slice(-999), Math.round(milliseconds * 10) / 10] };
}

export function summaryOf({ latenciesMs, ...counts }: CompletionStatistics): CompletionSummary {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  // Nearest rank.
  const percentile = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { ...counts, latencyMs: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) } };
}

/** In a sentence or two. */
export function describeSummary(summary: CompletionSummary): string {
  const { offered, accepted, partly, rejected, charactersSaved, latencyMs } = summary;
  if (offered === 0) return l10n.t('No completion has been offered in this workspace yet.');
  const count = (value: number) => value.toLocaleString('en');
  const milliseconds = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
  return [
    l10n.t`Offered ${count(offered)}, accepted ${count(accepted)}, in part ${count(partly)}, rejected ${count(rejected)}; ${count(charactersSaved)} characters saved.`,
    l10n.t`Answered within ${milliseconds(latencyMs.p50)} (median), ${milliseconds(latencyMs.p95)} (95 %), ${milliseconds(latencyMs.p99)} (99 %).`,
  ].join(' ');
}
