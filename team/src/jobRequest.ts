/** A job as it is asked for: the SPEC of `recur job run`, and how the engine is to treat it. */
export interface JobRequest {
  /** As docs/scale.md has it; it holds no credentials, since the engine writes it down. */
  readonly spec: JobSpec;
  /** Tells it from others of the same model; the name of the model where it is left out. */
  readonly label?: string;
  /** 1 (first) to 5; 3 where it is left out. */
  readonly priority?: number;
  /** Tries altogether, of a job that ends without being done. */
  readonly attempts?: number;
  /** Which of the SPEC's machines is meant, 1 for the first; left out where there is one. */
  readonly machine?: number;
  /** The workflow that is told of each measurement on the validation part. */
  readonly watcher?: string;
}

/** What is looked at here of a SPEC; the rest is passed on as it is. */
export interface JobSpec {
  readonly name: string;
  /** That train its model together; 1 where it is left out. */
  readonly machines?: number;
  readonly [entry: string]: unknown;
}

/** How a job has ended. */
export interface JobDone {
  readonly job: string;
  readonly name: string;
  /** That it was trained on: a commit, or the digest of a folder. */
  readonly source: string;
  /** That it was published as; null: it was not. */
  readonly version: number | null;
  readonly steps: number;
  /** On the whole validation part. */
  readonly nats: number;
  readonly perplexity: number;
  /** Whether it was done before. */
  readonly again: boolean;
}

/** How far a job is, as its heartbeats tell. */
export interface JobProgress {
  readonly worker: string;
  readonly step: number;
  readonly perplexity: number | null;
  /** Of the validation sample. */
  readonly validation: number | null;
  /** The step that another worker would go on from. */
  readonly stored: number | null;
}

/** A measurement on the validation sample of one of several jobs that are compared. */
export interface Measured {
  /** Label of the job. */
  readonly name: string;
  readonly step: number;
  readonly nats: number;
}

/** Which jobs of many are done, and why the others are not. */
export interface ManyDone {
  readonly done: readonly JobDone[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** The task queue that workers take jobs from. */
export const taskQueue = 'recur-jobs';

/** What a job is called among others. */
export function labelOf({ label, spec }: JobRequest): string {
  return label ?? spec.name;
}
