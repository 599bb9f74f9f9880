import * as v from 'valibot';
import type { JobDone, JobProgress, Measured } from './jobRequest';

const finite = v.pipe(v.number(), v.finite());
const progressSchema = v.object({ type: v.literal('progress'), step: finite, perplexity: finite });
const validationSchema = v.object({ type: v.literal('validation'), step: finite, nats: finite, perplexity: finite });
const storedSchema = v.object({ type: v.picklist(['stored', 'restored']), step: finite });
const doneSchema = v.object({
  type: v.literal('done'),
  job: v.string(),
  name: v.string(),
  source: v.string(),
  version: v.nullable(finite),
  steps: finite,
  validation: v.object({ nats: finite, perplexity: finite }),
  again: v.boolean(),
});

/** What `recur job … --json` has said so far. */
export interface JobLines {
  /** Takes a line of its standard output; others than those known are passed over. */
  take(line: string): void;
  progress(): JobProgress;
  done(): JobDone | undefined;
}

/** Who is told of what a job says. */
export interface JobListener {
  /** Of each measurement on the validation sample. */
  readonly measured: (measurement: Omit<Measured, 'name'>) => void;
  /** The job goes on after this step of another worker. */
  readonly restored: (step: number) => void;
}

/** @param worker who runs it */
export function createJobLines(worker: string, { measured, restored }: JobListener): JobLines {
  let progress: JobProgress = { worker, step: 0, perplexity: null, validation: null, stored: null };
  let done: JobDone | undefined;
  return {
    take(line) {
      const value = parse(line);
      if (v.is(progressSchema, value)) progress = { ...progress, step: value.step, perplexity: value.perplexity };
      else if (v.is(validationSchema, value)) {
        progress = { ...progress, validation: value.perplexity };
        measured({ step: value.step, nats: value.nats });
      } else if (v.is(storedSchema, value)) {
        progress = { ...progress, stored: value.step };
        if (value.type === 'restored') restored(value.step);
      } else if (v.is(doneSchema, value)) {
        const { job, name, source, version, steps, validation, again } = value;
        done = { job, name, source, version, steps, again, nats: validation.nats, perplexity: validation.perplexity };
      }
    },
    progress: () => progress,
    done: () => done,
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
