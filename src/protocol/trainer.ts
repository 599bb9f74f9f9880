import type { AskedTraining, CorpusConfiguration, ModelConfiguration } from '../core/configuration';
import type { LeftOutReason, WorkspaceFolder } from '../core/document';
import type { LogLevel } from '../core/logger';
import type { Quality } from '../core/metrics';
import type { ProgressMeasurement, StartMeasurement, ValidationMeasurement } from './files';

/** What to train, on what, and where to. */
export interface TrainRequest {
  readonly folders: readonly WorkspaceFolder[];
  /** The model directory (with `current.json`). */
  readonly out: string;
  readonly corpus: CorpusConfiguration;
  readonly training: AskedTraining;
  /** Goes on with the newest run of `out`, with its configuration but for the budget. */
  readonly resume: boolean;
  /** A model directory or export whose weights a new run starts from, and what its shape must be; null: random weights. */
  readonly from: { readonly directory: string; readonly shape: Partial<ModelConfiguration> } | null;
  /** Exports and runs that are kept, the newest ones; those in use always are. */
  readonly keepModels: number;
  /** Whether it waits while the machine runs on its battery; that time does not count. */
  readonly pauseOnBattery: boolean;
}

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
  /** Directory of the best model, absolute. */
  readonly model: string;
  readonly run: string;
  /** From the request to the end. */
  readonly seconds: number;
  readonly steps: number;
  readonly validation: Quality;
  readonly test: Quality | null;
  readonly baselines: { readonly uniform: Quality; readonly unigram: Quality };
  /** Why training ended. */
  readonly reason: 'budget' | 'stopped' | 'not finite' | 'no improvement' | 'thread lost';
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
  start(measurement: StartMeasurement, run: string): void;
  progress(measurement: ProgressMeasurement, secondsLeft: number | null): void;
  validation(measurement: ValidationMeasurement): void;
  /** Why it pauses, as a sentence; null: it goes on. */
  paused(reason: string | null): void;
  /** A new best model lies in this directory and `current.json` names it. */
  exported(directory: string): void;
}
