import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  defineSignal,
  executeChild,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobActivities } from './activities';
import { hopelessOf } from './hopeless';
import { labelOf, type JobDone, type JobRequest, type ManyDone, type Measured } from './jobRequest';

export const resultsQuery = defineQuery<ManyDone>('results');
export const measuredSignal = defineSignal<[Measured]>('measured');

const defaultAttempts = 10;
const defaultPriority = 3;

function activities({ attempts = defaultAttempts, priority = defaultPriority }: JobRequest): JobActivities {
  return proxyActivities<JobActivities>({
    // A cut-off or killed worker is noticed after this time, here and by the worker itself (lease.ts); the job may take as long as
    // its budget.
    heartbeatTimeout: '10 seconds',
    startToCloseTimeout: '30 days',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: attempts, initialInterval: '2 seconds', maximumInterval: '1 minute' },
    priority: { priorityKey: priority },
  });
}

/** Trains one model, on as many workers at a time as its SPEC has machines. */
export async function trainModel(request: JobRequest): Promise<JobDone> {
  const { machines = 1 } = request.spec;
  if (machines === 1) return activities(request).runJob(request);
  return CancellationScope.cancellable(() => trainTogether(request, machines));
}

/** An activity for each machine: they meet in the store, and one that fails for good leaves the others nobody to wait for. */
async function trainTogether(request: JobRequest, machines: number): Promise<JobDone> {
  const on = activities(request);
  const jobs = Array.from({ length: machines }, (_, index) => on.runJob({ ...request, machine: index + 1 }));
  try {
    const [first] = await Promise.all(jobs);
    return first!;
  } catch (error) {
    CancellationScope.current().cancel();
    await Promise.allSettled(jobs);
    throw error;
  }
}

/** Trains many, as many at a time as there are workers for; one that fails does not hinder the others. */
export async function trainAll(requests: readonly JobRequest[]): Promise<ManyDone> {
  const done: JobDone[] = [];
  const failed: { name: string; reason: string }[] = [];
  setHandler(resultsQuery, () => ({ done, failed }));
  await allEnded(
    requests.map(async (request) => {
      try {
        done.push(await trainModelAsChild(request));
      } catch (error) {
        if (isCancellation(error)) throw error;
        failed.push({ name: labelOf(request), reason: reasonOf(error) });
      }
    }),
  );
  return { done, failed };
}

/** Where one is cancelled, the others are waited for, which would be killed with the workflow. */
async function allEnded(jobs: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(jobs);
  await Promise.all(jobs);
}

/** The sentence at the bottom of a chain of failures. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}

function trainModelAsChild(request: JobRequest, id = workflowInfo().workflowId): Promise<JobDone> {
  const { priority = defaultPriority } = request;
  return executeChild(trainModel, {
    workflowId: `${id}/${labelOf(request)}`,
    args: [request],
    priority: { priorityKey: priority },
  });
}

/**
 * Trains configurations of one model, gives up those that are hopeless, and publishes the best by the validation part.
 * @param requests SPECs that differ in `training` alone
 */
export async function sweep(requests: readonly JobRequest[]): Promise<ManyDone & { readonly best: JobDone }> {
  const [done, failed, measured]: [JobDone[], { name: string; reason: string }[], Measured[]] = [[], [], []];
  setHandler(resultsQuery, () => ({ done, failed }));
  const running = new Map<string, CancellationScope>();
  const hopeless = new Set<string>();
  setHandler(measuredSignal, (measurement) => {
    measured.push(measurement);
    for (const name of hopelessOf(measured)) {
      hopeless.add(name);
      running.get(name)?.cancel();
    }
  });
  const { workflowId } = workflowInfo();
  const candidates = requests.map((request) => ({
    ...request,
    watcher: workflowId,
    spec: { ...request.spec, publish: false },
  }));
  const results = new Map<string, JobDone>();
  await allEnded(
    candidates.map(async (request) => {
      const name = labelOf(request);
      const scope = new CancellationScope();
      running.set(name, scope);
      try {
        const result = await scope.run(() => trainModelAsChild(request));
        results.set(name, result);
        done.push(result);
      } catch (error) {
        if (isCancellation(error) && !hopeless.has(name)) throw error;
        failed.push({ name, reason: hopeless.has(name) ? 'hopeless' : reasonOf(error) });
      } finally {
        running.delete(name);
      }
    }),
  );
  const [best] = candidates
    .filter((request) => results.has(labelOf(request)))
    .sort((one, other) => results.get(labelOf(one))!.nats - results.get(labelOf(other))!.nats);
  if (best === undefined) throw ApplicationFailure.nonRetryable('No configuration was trained to its end.');
  const { source } = results.get(labelOf(best))!;
  return { best: await activities(best).publishJob(trainedOn(source, best)), done, failed };
}

/** A job without an id is named by what it was trained on, wherever its branch stands now. */
function trainedOn(source: string, { spec, ...request }: JobRequest): JobRequest {
  const isNamedByCommit = spec.repository !== undefined && spec.id === undefined;
  return { ...request, spec: isNamedByCommit ? { ...spec, revision: source } : spec };
}
