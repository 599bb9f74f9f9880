import { basename, join } from 'node:path';
import { defaultKeptModels } from '../core/configuration';
import { isAborted, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { TrainerEvents, TrainingResult, TrainingSource, TrainRequest } from '../protocol/trainer';
import { TemporaryError, type ObjectStore } from '../objectStore/objectStore';
import { bringSource, identifyJob, type IdentifiedJob } from './jobSource';
import type { JobSpec } from './jobSpec';
import { createCheckpointUpload } from './checkpointUpload';
import { forgetCheckpoint, restoreCheckpoint, type Reached } from './jobCheckpoints';
import { keepResult, publishResult, readResult } from './publishing';
import type { JobResult } from './storedFiles';

/** What happens while a job runs, for whoever watches. */
export interface JobEvents {
  /** Which job it is. */
  readonly job: (job: IdentifiedJob) => void;
  /** It goes on from a checkpoint of an earlier worker. */
  readonly restored: (reached: Reached) => void;
  /** It can be gone on with from this step, anywhere. */
  readonly stored: (step: number) => void;
}

/**
 * Trains in a process of its own.
 * @param checkpoint told of each checkpoint on the disk
 * @param signal asks it to end soon, with a checkpoint
 * @returns undefined where it was asked to end
 */
export type Train = (
  request: TrainRequest,
  checkpoint: TrainerEvents['checkpoint'],
  signal: AbortSignal,
) => Promise<TrainingResult | undefined>;

export interface JobContext {
  readonly store: ObjectStore;
  /** An empty folder of this attempt alone, for the checkout and the training. */
  readonly work: string;
  readonly train: Train;
  /** The base model. */
  readonly base: TrainingSource;
  readonly events: JobEvents;
  readonly logger: Logger;
  /** Asks it to end soon, with a checkpoint in the store. */
  readonly signal: AbortSignal;
}

/** How a job has ended. */
export type JobOutcome =
  | {
      readonly kind: 'done';
      readonly result: JobResult;
      /** Null: it is not to be published. */
      readonly version: number | null;
      /** Whether an earlier worker, or one at the same time, has done it. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'stopped';
      /** That the job goes on from; null: it begins anew. */
      readonly step: number | null;
    };

/**
 * Runs a job to its end, or goes on with it. Whoever runs the same job at the same time, or runs it again, gets the same result:
 * the first one that was finished.
 */
export async function runJob(spec: JobSpec, context: JobContext): Promise<JobOutcome> {
  const { store, events, logger, signal } = context;
  try {
    const identified = await identifyJob(spec, store, logger, signal);
    events.job(identified);
    const before = await readResult(store, identified.job);
    if (before !== undefined) return await finish(spec, before, true, context);
    return await trainAndKeep(spec, identified, context);
  } catch (error) {
    if (!isAborted(error)) throw error;
    return { kind: 'stopped', step: null };
  }
}

async function trainAndKeep(spec: JobSpec, { job, source }: IdentifiedJob, context: JobContext): Promise<JobOutcome> {
  const { store, work, events, logger, signal } = context;
  const directory = await bringSource(spec, source, join(work, 'checkout'), signal);
  const out = join(work, 'model');
  const reached = await restoreCheckpoint(store, job, out, logger);
  if (reached !== undefined) events.restored(reached);
  const upload = createCheckpointUpload(store, job, reached?.step ?? null, { stored: events.stored, logger });
  const request = requestOf(spec, { directory, out, reached, base: context.base });
  const trained = await context.train(request, upload.take, AbortSignal.any([signal, upload.isOver]));
  await upload.settled();
  const first = upload.isOver.aborted ? await readResult(store, job) : undefined;
  if (first !== undefined) return finish(spec, first, true, context);
  if (trained === undefined || trained.model === null) return { kind: 'stopped', step: upload.step() };
  if (trained.reason === 'thread lost') {
    throw new TemporaryError('A training thread was lost.', 'Try again: the job goes on from its last checkpoint.');
  }
  const { model, steps, validation, test, reason } = trained;
  const own = { job, name: spec.name, source, steps, validation, test, reason };
  return finish(spec, await keepResult(store, model, own), false, context);
}

async function finish(
  { publish, keepVersions }: JobSpec,
  result: JobResult,
  again: boolean,
  { store }: JobContext,
): Promise<JobOutcome> {
  const version = publish ? (await publishResult(store, result, keepVersions)).version : null;
  await forgetCheckpoint(store, result.job);
  return { kind: 'done', result, version, again };
}

/** A training that is gone on with has the rest of its minutes; of steps and epochs the checkpoint itself knows the rest. */
function requestOf(
  { training, corpus, from, checkpoint }: JobSpec,
  where: { directory: string; out: string; reached: Reached | undefined; base: TrainingSource },
): TrainRequest {
  const { directory, out, reached, base } = where;
  const { minutes, ...budget } = training.budget;
  const left = minutes === undefined ? {} : { minutes: Math.max(leastMinutes, minutes - (reached?.seconds ?? 0) / 60) };
  return {
    folders: [{ directory, name: basename(directory) }],
    out,
    corpus,
    training: { ...training, budget: { ...budget, ...left } },
    resume: reached !== undefined,
    from: from === 'base' ? base : null,
    keepModels: defaultKeptModels,
    pauseOnBattery: false,
    checkpoints: checkpoint,
  };
}

const leastMinutes = 0.05;

/** Publishes what a job of a SPEC has trained. @throws UserError where it has not ended yet */
export async function publishJob(
  spec: JobSpec,
  { store, logger, signal }: Pick<JobContext, 'store' | 'logger' | 'signal'>,
): Promise<{ result: JobResult; version: number }> {
  const { job } = await identifyJob(spec, store, logger, signal);
  const result = await readResult(store, job);
  if (result === undefined) {
    throw new UserError(`The job ${job} has no result in ${store.name}.`, 'Run it to its end first.');
  }
  return { result, version: (await publishResult(store, result, spec.keepVersions)).version };
}
