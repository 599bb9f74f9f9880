import * as l10n from '@vscode/l10n';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TrainingConfiguration } from '../../core/configuration';
import { UserError } from '../../core/errors';
import type { Weights } from '../../core/parameters';
import type { State } from '../gradient/gradient';
import type { Carried, Step, Stepper, StepLoss } from './stepper';
import { sliceMs } from './barrier';
import { cutStreams, type ReplicaAnswer, type ReplicaData, type StepRequest } from './replicaMessages';
import { stepLoss, streamsOf } from './replicaStep';
import { createSharedArrays, type SharedArrays } from './sharedArrays';

/** How to start replicas. */
export interface ReplicaOptions {
  /** Absolute path of their bundle. */
  readonly entry: string;
  /** How many; never more than streams. */
  readonly count: number;
  /** A step that takes longer is taken for a hang. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 120_000;
/** After the replicas have given one another up, and for them to end. */
const graceMs = 2_000;

/** One replica as the trainer sees it. */
interface Replica {
  readonly worker: Worker;
  /** Resolves with the next answer; rejects where the thread ends. */
  next(): Promise<ReplicaAnswer>;
}

/**
 * Starts replicas, one after the other: worker threads with a context of TensorFlow each, which share the work of every
 * step. The trainer's own thread never waits for them but by promises.
 * @throws Error where one does not start
 */
export async function createReplicaStepper(
  { entry, count: wanted, timeoutMs = defaultTimeoutMs }: ReplicaOptions,
  configuration: TrainingConfiguration,
  initial: Weights,
  batch: number,
  carried: Carried | undefined,
): Promise<Stepper> {
  const count = Math.min(wanted, batch);
  const arrays = createSharedArrays(configuration, initial, batch, count, carried);
  const replicas: Replica[] = [];
  // A thread that hangs in the native library does not end before the process does.
  const dispose = async (): Promise<void> => {
    const ended = Promise.all(replicas.map(({ worker }) => worker.terminate()));
    await Promise.race([ended, setTimeout(graceMs, undefined, { ref: false })]);
  };
  try {
    for (let index = 0; index < count; index++) {
      const { vocabularySize } = initial;
      const data = { entry, index, count, configuration, vocabularySize, arrays, timeoutMs };
      const replica = startReplica(data);
      replicas.push(replica);
      await answered(replica, 'ready', timeoutMs);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    name: `${count} ${count === 1 ? 'replica' : 'replicas'}`,
    weights: arrays.weights,
    moments: arrays.moments,
    average: arrays.average,
    state: () => arrays.state.map((values) => values.slice()),
    setState: (state: State) => state.forEach((values, index) => arrays.state[index]!.set(values)),
    step: (step) => runStep(replicas, arrays, step, timeoutMs + graceMs),
    dispose,
  };
}

async function runStep(
  replicas: readonly Replica[],
  arrays: SharedArrays,
  { window, streams: [start], ...settings }: Step,
  timeoutMs: number,
): Promise<StepLoss> {
  const answers = replicas.map((replica) => answered(replica, 'done', timeoutMs));
  const { batch } = window;
  for (const [index, { worker }] of replicas.entries()) {
    const [first, end] = streamsOf(index, replicas.length, batch);
    const streams = [start + first, start + end] as const;
    const request: StepRequest = { window: cutStreams(window, [first, end]), streams, batch, ...settings };
    worker.postMessage(request);
  }
  try {
    await Promise.all(answers);
  } catch (error) {
    throw new UserError(
      l10n.t`A training thread has failed: ${error instanceof Error ? error.message : String(error)}.`,
      l10n.t('The best model so far is kept; go on with it by continuing the training.'),
    );
  }
  return stepLoss(arrays, replicas.length, batch);
}

function startReplica(data: ReplicaData): Replica {
  const worker = new Worker(data.entry, { workerData: data, execArgv: [] });
  const pending: { resolve: (answer: ReplicaAnswer) => void; reject: (error: Error) => void }[] = [];
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of pending.splice(0)) reject(ended);
  };
  worker.on('message', (answer: ReplicaAnswer) => pending.shift()?.resolve(answer));
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`it has ended (exit code ${code})`)));
  const next = (): Promise<ReplicaAnswer> =>
    new Promise((resolve, reject) => {
      if (ended === undefined) pending.push({ resolve, reject });
      else reject(ended);
    });
  return { worker, next };
}

/** Waits for an answer of that type. */
async function answered(replica: Replica, type: ReplicaAnswer['type'], timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    let waitedMs = 0;
    timer = setInterval(() => {
      waitedMs += sliceMs;
      if (waitedMs >= timeoutMs) reject(new Error('it does not answer'));
    }, sliceMs);
  });
  try {
    const answer = await Promise.race([replica.next(), late]);
    if (answer.type === 'failed') throw new Error(answer.why);
    if (answer.type !== type) throw new Error(`it answered '${answer.type}' to what asks for '${type}'`);
  } finally {
    clearInterval(timer);
  }
}
