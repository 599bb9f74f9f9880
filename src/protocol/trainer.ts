import type {
  AskedTraining,
  CorpusConfiguration,
  ModelConfiguration,
  TrainingConfiguration,
} from '../core/configuration';
import type { LeftOutReason, WorkspaceFolder } from '../text/document';
import type { LogLevel } from '../core/logger';
import type { RoundSettings } from '../core/roundSettings';
import type { Quality } from '../text/metrics';
import type { ProgressMeasurement, Sample, StartMeasurement, ValidationMeasurement } from '../store/files';

/** A model whose weights a training starts from. */
export interface TrainingSource {
  /** A model directory, or an export. */
  readonly directory: string;
  /** What its shape must be. */
  readonly shape: Partial<ModelConfiguration>;
  /** Where it is not: random weights take its place if it is missing, has another shape or does not help. */
  readonly isRequired: boolean;
}

/** What to train, on what, and where to. */
export interface TrainRequest {
  readonly folders: readonly WorkspaceFolder[];
  /** The model directory (with `current.json`). */
  readonly out: string;
  readonly corpus: CorpusConfiguration;
  readonly training: AskedTraining;
  /** Goes on with the newest run of `out`, with its configuration but for the budget. */
  readonly resume: boolean;
  /** What the user has named of it: a run that is gone on with was begun with these, or is refused. */
  readonly named?: NamedTraining;
  /** What a new run starts from; null: random weights. */
  readonly from: TrainingSource | null;
  /** Exports and runs that are kept, the newest ones; those in use always are. */
  readonly keepModels: number;
  /** Whether it waits while the machine runs on its battery; that time does not count. */
  readonly pauseOnBattery: boolean;
  /** How often there is a checkpoint, by whichever comes first; left out: every half minute. */
  readonly checkpoints?: { readonly seconds: number; readonly steps?: number };
  /** Where several machines train this model together; the parent then answers `agree` and `meet`. */
  readonly rounds?: RoundSettings;
}

/** What the machines that train one model begin with. */
export interface RoundStart {
  readonly configuration: TrainingConfiguration;
  /** SHA-256 of the vocabulary and the first weights. */
  readonly weights: string;
}

/** Settings of a training by name; those of the network's shape beside the others. */
export type NamedTraining = Readonly<Record<string, string | number>>;

export interface CorpusSummary {
  readonly files: number;
  readonly characters: number;
  /** Size of the vocabulary in tokens. */
  readonly vocabulary: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
  readonly testCharacters: number;
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
}

export interface TrainingResult {
  /** Directory of the best model, absolute; null: it was stopped before it had learnt anything. */
  readonly model: string | null;
  /** Where another model stays in use, because it is better on the same held-out text or nothing was learnt; null elsewhere. */
  readonly stays: ModelComparison | null;
  readonly run: string;
  /** From the request to the end. */
  readonly seconds: number;
  /** Of the whole run. */
  readonly steps: number;
  /** Those of them that the run had before this training went on with it. */
  readonly stepsBefore: number;
  readonly validation: Quality;
  readonly test: Quality | null;
  readonly baselines: { readonly uniform: Quality; readonly unigram: Quality };
  /** Why training ended. */
  readonly reason: 'budget' | 'stopped' | 'not finite' | 'no improvement' | 'thread lost';
}

/** The model in use beside a new one, by the validation sample that both were measured on. */
export interface ModelComparison {
  /** Id of the model that stays. */
  readonly model: string;
  /** Null: it was not measured. */
  readonly perplexity: number | null;
  /** Of the new one; null where there is none. */
  readonly newPerplexity: number | null;
}

/** What a probe of this machine says: `recur doctor`, 'Check installation'. */
export interface TrainerProbe {
  /** For instance `tensorflow`, `wasm`, `cpu`. */
  readonly backend: string;
  readonly version: string;
  readonly fusedOps: Readonly<Record<string, boolean>>;
  /** One training step at the default configuration. */
  readonly stepMilliseconds: number;
  /** What is not as it could be, a sentence each. */
  readonly warnings: readonly string[];
}

/** Calls to the trainer process. A rejected `train` carries a UserError or a defect. */
export interface TrainerFunctions {
  train(request: TrainRequest): Promise<TrainingResult>;
  /** Ends a running training soon; `train` then resolves with the best model. */
  stop(): void;
  /** Goes on with another number of threads from a checkpoint on, made soon; 0: one for each physical core. */
  setThreads(threads: number): void;
  probe(): Promise<TrainerProbe>;
}

/** Events from the trainer process. */
export interface TrainerEvents {
  log(level: LogLevel, message: string): void;
  corpus(summary: CorpusSummary): void;
  /** It starts from random weights though another start was offered: why, in sentences. */
  fromRandomWeights(reason: string): void;
  start(measurement: StartMeasurement, run: string): void;
  progress(measurement: ProgressMeasurement, secondsLeft: number | null): void;
  validation(measurement: ValidationMeasurement): void;
  /** Why it pauses, as a sentence; null: it goes on. */
  paused(reason: string | null): void;
  /** A checkpoint after this step lies in this directory, a folder of the run; it is replaced by the one after the next. */
  checkpoint(directory: string, step: number): void;
  /** A new best model lies in this directory and `current.json` names it. */
  exported(directory: string): void;
  /** What the model of an export writes. */
  sample(sample: Sample): void;
  /** What the machines begin with: the proposal of the first one. */
  agree(proposal: RoundStart): Promise<RoundStart>;
  /** The mean difference of all machines in a round, when each has told its own. */
  meet(round: number, difference: Float32Array): Promise<Float32Array>;
}
