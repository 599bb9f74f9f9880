import * as v from 'valibot';
import type { CompletionConfiguration } from '../core/configuration';
import type { AddedLine } from '../offers/measuring/addedLines';
import type { CompletionCurves, CompletionTotals } from '../offers/measuring/completionFigures';
import { count, finite, operatingPointSchema } from '../store/files';
import type { SourceDocument } from '../text/document';

/** A text as a commit left it, and what of it is typed. */
export interface ReplayedText {
  /** Where it was before; undefined: nowhere. */
  readonly pathBefore: string | undefined;
  /** Needed where lines are typed. */
  readonly before: string;
  readonly after: SourceDocument | undefined;
  readonly lines: readonly AddedLine[];
}

/** Lines that commits have added, to be typed again, and what a workspace held before them. */
export interface ReplayRequest extends Omit<CompletionConfiguration, 'multiline'> {
  readonly documents: readonly SourceDocument[];
  readonly commits: readonly (readonly ReplayedText[])[];
}

/** What completions are worth on some of the lines that were typed again. */
export interface ReplayFigures extends CompletionTotals {
  readonly of: 'all' | 'language' | 'file';
  /** Of the language or file. */
  readonly name: string;
  readonly lines: number;
  readonly characters: number;
  /** Standard error of the keystrokes saved by whole suggestions, over lines. */
  readonly savedError: number;
}

/** What completions are worth on all lines that were typed again, and by language and file, most lines first. */
export interface Replay {
  readonly groups: readonly ReplayFigures[];
  /** Of all lines. */
  readonly curves: CompletionCurves;
}

const saved = v.object({ line: finite, word: finite });

/** What is replayed of a repository. */
export const replayedHistorySchema = v.object({
  /** The commit before those that are replayed, and its date. */
  commit: v.string(),
  date: v.string(),
  commits: count,
  /** Lines that somebody has typed, of them those that are typed again, and added lines that nobody has. */
  written: count,
  typed: count,
  moved: count,
  notTyped: count,
});
export type ReplayedHistory = v.InferOutput<typeof replayedHistorySchema>;

/** {@link ReplayFigures}, as far as they are shown. */
const replayGroupSchema = v.object({
  of: v.picklist(['all', 'language', 'file']),
  name: v.string(),
  lines: count,
  exactShare: finite,
  shownShare: finite,
  precision: v.nullable(finite),
  keystrokesSaved: saved,
  payingForWrong: saved,
  savedError: finite,
});
export type ReplayGroup = v.InferOutput<typeof replayGroupSchema>;

const replayThresholdSchema = v.object({
  ...operatingPointSchema.entries,
  keystrokesSaved: saved,
  payingForWrong: saved,
});

/** The lines of `recur replay --json`, beside those of a training. */
export const replayLineSchema = v.variant('type', [
  v.object({ type: v.literal('history'), ...replayedHistorySchema.entries }),
  /** How long the training has taken. */
  v.object({ type: v.literal('progress'), seconds: finite }),
  v.object({ type: v.literal('typed'), lines: count }),
  v.object({ type: v.literal('group'), ...replayGroupSchema.entries }),
  v.object({ type: v.literal('threshold'), ...replayThresholdSchema.entries }),
  v.object({ type: v.literal('replay'), threshold: finite, recommended: finite }),
]);

/** What a replay has come to. */
export const replayReportSchema = v.object({
  history: replayedHistorySchema,
  groups: v.array(replayGroupSchema),
  thresholds: v.array(replayThresholdSchema),
  /** The threshold that it was made at, and the one that would have saved most. */
  threshold: finite,
  recommended: finite,
});
export type ReplayReport = v.InferOutput<typeof replayReportSchema>;

/** How the replay of a window stands. */
export const replayStatusSchema = v.object({
  /** One line: what happens now; null where none runs. */
  running: v.nullable(v.string()),
  /** Of the last one that came to its end. */
  report: v.nullable(replayReportSchema),
  /** Why the last one did not. */
  problem: v.nullable(v.string()),
});
export type ReplayStatus = v.InferOutput<typeof replayStatusSchema>;

/** What completes in a replay: a network that is trained on what there was before the commits, the base model, or the one in use. */
export const replayModels = ['trained', 'base', 'inUse'] as const;
export type ReplayModel = (typeof replayModels)[number];
