import type { CompletionConfiguration } from '../core/configuration';
import type { AddedLine } from '../offers/measuring/addedLines';
import type { CompletionCurves, CompletionTotals } from '../offers/measuring/completionFigures';
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
