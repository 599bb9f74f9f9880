import { basename, join } from 'node:path';
import { defaultKeptModels, type TrainingBudget } from '../core/configuration';
import { isAborted, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { TrainerEvents, TrainingResult, TrainingSource, TrainRequest } from '../protocol/trainer';
import { TemporaryError, type ObjectStore } from '../objectStore/objectStore';
import { bringSource, identifyJob, type IdentifiedJob } from './jobSource';
import type { JobSpec } from './jobSpec';
import { createCheckpointUpload } from './checkpointUpload';
import { forgetCheckpoint, restoreCheckpoint, type Reached } from './jobCheckpoints';
import { ownerOf } from './keys';
import { keepResult, publishResult, readResult } from './publishing';
import { createRoundMeeting, forgetRounds, type RoundMeeting } from './roundMeeting';
import type { JobResult } from './storedFiles';

/** What happens while a job runs, for whoever watches. */
export interface JobEvents {
  /** Which job it is. */
  readonly job: (job: IdentifiedJob) => void;
  /** It goes on from a checkpoint of an earlier worker. */
  readonly restored: (reached: Reached) => void;
  /** It can be gone on with from this step, anywhere. */
  readonly stored: (step: number) => void;
  /** All machines have ended this round. */
  readonly round: (round: number) => void;
}

/**
 * Trains in a process of its own.
 * @param answers is told of each checkpoint on the disk, and answers what the training asks of other machines
 * @param signal asks it to end soon, with a checkpoint
 * @returns undefined where it was asked to end
 */
export type Train = (
  request: TrainRequest,
  answers: Pick<TrainerEvents, 'checkpoint'> & Partial<RoundMeeting>,
  signal: AbortSignal,
) => Promise<TrainingResult | undefined>;

export interface JobContext {
  readonly store: ObjectStore;
  /** An empty folder of this attempt alone, for the checkout and the training. */
  readonly work: string;
  readonly train: Train;
  /** The base model. */
  readonly base: TrainingSource;
  /** Which of the SPEC's machines this is, from 0. */
  readonly machine: number;
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
  const owner = ownerOf(job, spec.machines > 1 ? context.machine : null);
  const directory = await bringSource(spec, source, join(work, 'checkout'), signal);
  const out = join(work, 'model');
  const reached = await restoreCheckpoint(store, owner, out, logger);
  if (reached !== undefined) events.restored(reached);
  const upload = createCheckpointUpload(store, { job, owner }, reached?.step ?? null, {
    stored: events.stored,
    logger,
  });
  const request = requestOf(spec, { directory, out, reached, base: context.base, machine: context.machine });
  const ending = AbortSignal.any([signal, upload.isOver]);
  const meeting = rememberFailure(
    createRoundMeeting({
      ...{ store, job, machine: context.machine, machines: spec.machines, waitMinutes: spec.wait },
      ...{ upload, ended: events.round, signal: ending },
    }),
  );
  const trained = await context
    .train(request, { checkpoint: upload.take, ...meeting.answers }, ending)
    .catch(async (error: unknown) => {
      // Whoever has finished the job removes what it was made of, under the hands of this one: then that was no failure.
      await upload.look();
      if (!upload.isOver.aborted) meeting.rethrow(error);
      return undefined;
    });
  await upload.settled();
  const first = upload.isOver.aborted ? await readResult(store, job) : undefined;
  if (first !== undefined) return finish(spec, first, true, context);
  // What was asked to end is no result, also where its last checkpoint could not be written.
  if (trained === undefined || trained.model === null || trained.reason === 'stopped') {
    return { kind: 'stopped', step: upload.step() };
  }
  if (trained.reason === 'thread lost') {
    throw new TemporaryError('A training thread was lost.', 'Try again: the job goes on from its last checkpoint.');
  }
  const { model, steps, validation, test, reason } = trained;
  const own = { job, name: spec.name, source, steps, validation, test, reason };
  return finish(spec, await keepResult(store, model, own), false, context);
}

async function finish(
  { publish, keepVersions, machines }: JobSpec,
  result: JobResult,
  again: boolean,
  { store }: JobContext,
): Promise<JobOutcome> {
  const version = publish ? (await publishResult(store, result, keepVersions)).version : null;
  await (machines > 1 ? forgetRounds(store, result.job, machines) : forgetCheckpoint(store, result.job));
  return { kind: 'done', result, version, again };
}

/** An error loses its class on its way through the trainer, and with that whether trying again may help. */
function rememberFailure({ agree, meet }: RoundMeeting) {
  let failure: unknown;
  const remember = (error: unknown): never => {
    failure = error;
    throw error;
  };
  const answers: RoundMeeting = {
    agree: (proposal) => agree(proposal).catch(remember),
    meet: (round, difference) => meet(round, difference).catch(remember),
  };
  return {
    answers,
    rethrow: (error: unknown): never => {
      throw failure ?? error;
    },
  };
}

function requestOf(
  { training, corpus, from, checkpoint, machines, round, outer }: JobSpec,
  where: { directory: string; out: string; reached: Reached | undefined; base: TrainingSource; machine: number },
): TrainRequest {
  const { directory, out, reached, base, machine } = where;
  return {
    folders: [{ directory, name: basename(directory) }],
    out,
    corpus,
    training: { ...training, budget: restOf(training.budget, reached) },
    resume: reached !== undefined,
    from: from === 'base' ? base : null,
    keepModels: defaultKeptModels,
    pauseOnBattery: false,
    checkpoints: checkpoint,
    ...(machines > 1 && { rounds: { machine, machines, steps: round, outer } }),
  };
}

const leastMinutes = 0.05;

/**
 * What is left of a budget for a training that is gone on with. Where it has minutes, they begin anew with each process, and
 * with them steps and epochs; of these alone the checkpoint itself knows the rest.
 */
function restOf(budget: TrainingBudget, reached: Reached | undefined): TrainingBudget {
  const { minutes, steps, epochs } = budget;
  if (reached === undefined || minutes === undefined) return budget;
  return {
    minutes: Math.max(leastMinutes, minutes - reached.seconds / 60),
    ...(steps !== undefined && { steps: Math.max(0, steps - reached.step) }),
    ...(epochs !== undefined && { epochs: Math.max(0, epochs - reached.epochs) }),
  };
}

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
