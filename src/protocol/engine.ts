import * as l10n from '@vscode/l10n';
import type { CompletionFigures, ConfidenceCurves, LineCost } from '../offers/measuring/completionFigures';
import type { CompletionConfiguration, CorpusConfiguration, Multiline, ProseCompletions } from '../core/configuration';
import type { ProviderChoice } from '../core/executionProviders';
import type { WorkspaceFolder } from '../text/document';
import type { LogLevel } from '../core/logger';
import type { Quality } from '../text/metrics';
import type { HeatedWord } from '../surprise/heatLevels';
import type { TextEdit } from '../text/textEdit';
import type { SplitPart } from '../store/files';
import type { Replay, ReplayRequest } from './replay';
import type { ProviderProfile, ProviderReport, ProviderTrial } from './providers';

/** What completions are drawn from: the network, the language-model memory, or both mixed. */
export type AnsweringModel = (typeof measuredModels)[number];

/** The model in use and how it runs. */
export interface EngineStatus {
  /** null: nothing completes. */
  readonly answers: AnsweringModel | null;
  /** The model is the one that comes with Recur: nothing has been trained on this workspace yet. */
  readonly isBase: boolean;
  /** Directory of the export, null when none is loaded. */
  readonly model: string | null;
  readonly id: string | null;
  /** Execution provider in use, for instance `cpu`. */
  readonly provider: string | null;
  /** Why that provider, one sentence. */
  readonly reason: string;
  /** Of the network alone, on held-out files of the workspace; null where it knows none. */
  readonly validation: Quality | null;
}

/** Before anything was trained. */
export const noModel: EngineStatus = {
  answers: null,
  isBase: false,
  model: null,
  id: null,
  provider: null,
  /** In the language of the moment: this is loaded before it is known. */
  get reason() {
    return l10n.t('There is no model yet.');
  },
  validation: null,
};

export interface OpenDocument {
  /** Identifies it between calls. */
  readonly uri: string;
  /** As in the corpus: relative to its folder, `/`; stands in the header. */
  readonly path: string;
  readonly version: number;
  /** As the editor has it: lines may end in CRLF. */
  readonly text: string;
  /** Cursor, in UTF-16 units, where one is known: the text before it is read ahead of the first request. */
  readonly cursor?: number;
  /**
   * Other documents are completed from it too: in place of the workspace's file of its path, or beside the files (untitled
   * documents, cells of notebooks, files outside), for good or as what comes and goes. They are not where this is left out.
   */
  readonly remembered?: 'as file' | 'beside files' | 'in passing';
}

/** What lies on the user's clipboard. */
export interface ClipboardText {
  readonly text: string;
  /** Of the name of the file that is worked in, with its dot: what language the text is taken for. Empty: unknown. */
  readonly ending: string;
}

export interface DocumentChange {
  readonly uri: string;
  /** The version that the edits apply to. */
  readonly fromVersion: number;
  readonly version: number;
  /** Applied one after the other, each to the text that the one before left. */
  readonly edits: readonly TextEdit[];
}

export interface CompletionRequest {
  readonly uri: string;
  readonly version: number;
  /** Cursor, in UTF-16 units. */
  readonly offset: number;
  /** Longest completion in code points. */
  readonly maxCharacters: number;
  /** Completions of a smaller probability are cut short or not offered; core's default where left out. */
  readonly minimumConfidence?: number;
  /** How much is offered in comments and prose; core's default where left out. */
  readonly prose?: ProseCompletions;
  /** Whether lines below the cursor's are completed too; `never` where left out. */
  readonly multiline?: Multiline;
  /** The editor's id of the language, where it is known; otherwise it is taken by the document's path. */
  readonly languageId?: string;
  /**
   * Reads all of a long text first, instead of its last part while the rest follows in idle time, and draws what is too improbable
   * to be offered, too.
   */
  readonly exact?: boolean;
  /** Whether a completion may take the place of closing brackets behind the cursor; otherwise it ends before them. */
  readonly mayReplace?: boolean;
  /** Names of the members that there are behind the access at the cursor, where they are known: no others are drawn. */
  readonly members?: readonly string[];
  /** Different lines that are wanted, {@link mostSuggestions} at most; one where left out. */
  readonly suggestions?: number;
}

/** Whoever asks for more reads longer than it takes to type. */
export const mostSuggestions = 5;

export interface Completion {
  /** To insert at the cursor; never empty. */
  readonly text: string;
  /** UTF-16 units behind the cursor that it takes the place of: brackets that it closes itself. None where left out. */
  readonly replaces?: number;
  /** Probability of the whole text under the model, between 0 and 1. */
  readonly confidence: number;
  readonly milliseconds: number;
}

export type CompletionAnswer = (
  | { readonly kind: 'completion'; readonly completion: Completion }
  /** What would be offered if less confidence were asked for, as far as it was drawn. */
  | { readonly kind: 'unsure'; readonly completion: Completion }
  | {
      readonly kind: 'none';
      /** `stale`: a newer request or edit came first. `resend`: the version is unknown; send the document whole. */
      readonly reason: 'stale' | 'resend' | 'no model' | 'excluded' | 'nothing to offer';
    }
) & {
  /** Of an answer that something was drawn for, whether it is offered or not. */
  readonly timing?: CompletionTiming;
  /** Where several lines are wanted: those that may be meant beside what is offered, however unsure, the surest first. */
  readonly others?: readonly Completion[];
};

/** Where the time of a completion went. What is left of `totalMs` is mixing, rules and waiting for other work. */
export interface CompletionTiming {
  /** Code points drawn, whatever is offered of them. */
  readonly characters: number;
  readonly totalMs: number;
  /** Of the processor, whatever else the machine does meanwhile. */
  readonly processorMs: number;
  /** Reading the text before the cursor. */
  readonly prefixMs: number;
  /** Single steps of the network. */
  readonly networkMs: number;
  /** Bringing the memory up to date and asking it. */
  readonly memoryMs: number;
}

export interface GenerateRequest {
  readonly prefix: string;
  readonly length: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly seed: number;
  readonly initialState: 'zeros' | 'normal';
}

export interface GeneratedText {
  readonly text: string;
  /** Geometric mean of the probabilities of the characters, between 0 and 1. */
  readonly confidence: number;
  readonly milliseconds: number;
}

/** Files or folders to measure, or a part of the split of the run that made the loaded model. */
export type EvaluateRequest =
  | { readonly paths: readonly string[]; readonly corpus: CorpusConfiguration }
  | { readonly split: Exclude<SplitPart, 'training'> };

/** One file whose characters are measured. */
export interface CharacterRequest {
  readonly paths: readonly [string];
  readonly corpus: CorpusConfiguration;
  /** Network and memory together, not the network alone. */
  readonly withMemory: boolean;
  /** As for {@link EngineFunctions.evaluateWithMemory}. */
  readonly workspace?: string;
}

/** How surprising each code point of a text was, in bits, and what surprise was expected there. */
export interface MeasuredCharacters {
  /** Lines end in LF. */
  readonly text: string;
  readonly bits: Float64Array;
  readonly entropy: Float64Array;
}

/** An open document whose surprising words are wanted. */
export interface HeatRequest {
  readonly uri: string;
  readonly version: number;
  /** Only these lines, in UTF-16 units, and soon: as far as they are not read yet, from a little text before them. */
  readonly part?: { readonly from: number; readonly to: number };
}

export type HeatAnswer =
  /** The surprising words between two offsets. */
  | { readonly kind: 'heat'; readonly from: number; readonly to: number; readonly words: readonly HeatedWord[] }
  | { readonly kind: 'none'; readonly reason: 'stale' | 'resend' | 'no model' | 'excluded' };

/** What is expected at a place of an open document, whatever stands there. */
export interface ExpectedWords {
  /** The likeliest first. */
  readonly words: readonly { readonly text: string; readonly probability: number }[];
  /** How often the words before the place go on with the first of them elsewhere in the workspace. */
  readonly count: number;
  /** Some of these places; paths as in the corpus, lines from 1. */
  readonly places: readonly { readonly path: string; readonly line: number }[];
}

/** Lines of files to judge, as they are now. */
export interface ReviewRequest {
  /** What is remembered beside the files. */
  readonly folders: readonly WorkspaceFolder[];
  readonly corpus: CorpusConfiguration;
  readonly files: readonly ReviewFile[];
}

export interface ReviewFile {
  /** As in the corpus. */
  readonly path: string;
  /** With LF line ends. */
  readonly text: string;
  /** Numbers of the lines, from 0, ascending. */
  readonly lines: readonly number[];
}

/** How odd a line is. */
export interface ReviewedLine {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** How much more the oddest word looks like a slip than like code that was meant: log2 of the odds, 0 at least. */
  readonly score: number;
  /** How surprising the line was, in bits. */
  readonly bits: number;
  /** What stands in the oddest word's surroundings elsewhere; empty where nothing speaks for another word. */
  readonly expected: string;
  /** How often it does. */
  readonly places: number;
  /** The oddest word: UTF-16 units of the line. */
  readonly start: number;
  readonly end: number;
}

export interface FileQuality extends Quality {
  readonly path: string;
  readonly characters: number;
  /** Set where network and memory were measured together. */
  readonly model?: 'both';
}

export interface EvaluationTotal extends Quality {
  readonly characters: number;
}

/** What {@link EngineFunctions.evaluateWithMemory} measures, from the least to the whole. */
export const measuredModels = ['network', 'memory', 'both'] as const;
export type MeasuredModel = (typeof measuredModels)[number];
export type MemoryEvaluation = Readonly<Record<MeasuredModel, EvaluationTotal>>;

/** Random places of files to complete at, and random lines of them to type. */
export interface CompletionEvaluationRequest extends Omit<CompletionConfiguration, 'multiline'> {
  readonly files: EvaluateRequest;
  /** What completes. */
  readonly model: MeasuredModel;
  /** As for {@link EngineFunctions.evaluateWithMemory}. */
  readonly workspace?: string;
  readonly positions: number;
  readonly lines: number;
  readonly seed: number;
}

/** How good completions are, and what lies behind that. */
export interface CompletionEvaluation {
  readonly figures: CompletionFigures;
  /** In the order of the draws: the same for every model on the same files. */
  readonly samples: {
    /** Whether the rest of the line was exactly right at each position. */
    readonly exact: readonly boolean[];
    /** What each line cost at the threshold. */
    readonly lines: readonly LineCost[];
  };
}

export interface LoadRequest {
  /** The folder with `current.json`, or one export; null: there is no network, the memory answers alone. */
  readonly directory: string | null;
  /** The directory is that of the model which comes with Recur. */
  readonly isBase?: boolean;
  readonly provider: ProviderChoice;
  /** The workspace that is remembered; nothing is where it is left out. */
  readonly memory?: MemoryRequest;
}

/** What the language-model memory holds beside the open documents. */
export interface MemoryRequest {
  readonly folders: readonly WorkspaceFolder[];
  readonly corpus: CorpusConfiguration;
  /** Most characters of text in it; core's default where left out. */
  readonly maxCharacters?: number;
  /** Path of the document at hand, as in the corpus: of a larger workspace what lies near it is remembered. */
  readonly near?: string;
  /** False: its weights are fitted at once where they never were, not in idle time once the model has stayed for a while. */
  readonly patient?: boolean;
}

/** A real place of a held-out file, what stands there and what the model offers. */
export interface CompletionExample {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The line up to the cursor. */
  readonly before: string;
  readonly expected: string;
  readonly completion: string;
}

/** Calls to the engine process. */
export interface EngineFunctions {
  /** Loads a model, checked (schema, size, SHA-256), or goes without one; what is in use stays until the new one is ready. */
  load(request: LoadRequest, signal?: AbortSignal): Promise<EngineStatus>;
  unload(): void;
  /** Resolves when the memory that the last load asked for is built, and fitted unless that is to be patient, or cannot be. */
  memoryReady(): Promise<void>;
  /**
   * Tries every provider of this build, whatever is known of it, on the loaded model or else on a small one; what comes of it is
   * kept, and used from then on.
   */
  tryProviders(): Promise<ProviderTrial[]>;
  /** Where the nodes of the loaded model run, or else of a small one: on that provider, or by `auto` on each one that works. */
  profile(choice: ProviderChoice): Promise<ProviderProfile[]>;
  openDocument(document: OpenDocument): void;
  /** False: the version does not fit, or a secret may have gone; send the document whole. */
  changeDocument(change: DocumentChange): boolean;
  /**
   * The cursor went somewhere else: the text before it is read ahead of the first request there.
   * @param version that the offset, in UTF-16 units, belongs to; of another one it says nothing
   */
  moveCursor(uri: string, version: number, offset: number): void;
  /** The document as it is now is what the disk holds: the memory of the workspace follows. */
  documentSaved(uri: string): void;
  closeDocument(uri: string): void;
  /**
   * Completions go on with this text too, unless it could hold a secret: it is kept until the next call, and nowhere but in
   * the engine's memory.
   * @param clipboard null: nothing lies there, or nothing that may be used any more
   */
  takeClipboard(clipboard: ClipboardText | null): Promise<void>;
  /**
   * Files or folders were changed, created or deleted by whatever program: the memory of the workspace follows.
   * @param paths as in the corpus; null: there are too many to name
   */
  filesChanged(paths: readonly string[] | null): void;
  /** @param signal aborted where nobody wants the answer any more: it is then `stale`, soon */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<CompletionAnswer>;
  generate(request: GenerateRequest): Promise<GeneratedText>;
  /** Files arrive by the `evaluated` event; resolves with the total. */
  evaluate(request: EvaluateRequest): Promise<EvaluationTotal>;
  /**
   * As `evaluate`, beside it the language-model memory: each file read from top to bottom as if it were being typed, and
   * forgotten at its end. Files arrive with the figures of network and memory together.
   * @param workspace folder that the memory holds, without the files measured; by default those that the model was trained on
   */
  evaluateWithMemory(request: EvaluateRequest, workspace?: string): Promise<MemoryEvaluation>;
  /** As `evaluate` and `evaluateWithMemory`, of one file, character by character. */
  evaluateCharacters(request: CharacterRequest): Promise<MeasuredCharacters>;
  /**
   * The surprising words of an open document, to the network alone, as {@link evaluateCharacters} has it. An edit makes it
   * `stale`, as does another request for all of the same document, or for a part; a part goes before the whole, and whoever
   * completes before both.
   */
  heat(request: HeatRequest, signal?: AbortSignal): Promise<HeatAnswer>;
  /**
   * What network and memory expect at an offset of an open document, in UTF-16 units; null where nothing can be said, or the
   * document is not at this version any more.
   */
  expected(uri: string, version: number, offset: number, signal?: AbortSignal): Promise<ExpectedWords | null>;
  /** How odd lines are, by the model that is loaded, or by a memory of the workspace alone; in the order of the request. */
  reviewLines(request: ReviewRequest, signal?: AbortSignal): Promise<ReviewedLine[]>;
  /** How often completions are right, and what they save a typist. */
  evaluateCompletions(request: CompletionEvaluationRequest): Promise<CompletionEvaluation>;
  /**
   * What completions are worth on lines that commits have added, each typed where it stood then, with the memory of what the
   * workspace held then. Commits arrive by the `replayed` event.
   */
  replay(request: ReplayRequest): Promise<Replay>;
  /** Places in held-out files of the run of the loaded model. */
  examples(count: number, seed: number): Promise<CompletionExample[]>;
}

/** Events from the engine process. */
export interface EngineEvents {
  log(level: LogLevel, message: string): void;
  evaluated(file: FileQuality): void;
  /** So many lines of a replay are typed. */
  replayed(lines: number): void;
  /** What confidence means for the model in use was fitted, or read back; null: there is none in use. */
  calibrated(curves: ConfidenceCurves | null): void;
  /** What runs the model in use has changed. */
  providers(report: ProviderReport): void;
}
