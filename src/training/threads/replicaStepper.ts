import * as l10n from '@vscode/l10n';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TrainingConfiguration } from '../../core/configuration';
import { UserError } from '../../core/errors';
import type { Weights } from '../../core/parameters';
import type { State } from '../gradient/gradient';
import { dealPieces } from '../measuring/measuring';
import type { Piece } from '../measuring/pieces';
import type { Carried, Step, Stepper, StepLoss } from './stepper';
import { sliceMs } from './barrier';
import { cutStreams, type ReplicaAnswer, type ReplicaData, type ReplicaRequest } from './replicaMessages';
import { stepLoss, streamsOf } from './replicaStep';
import { createSharedArrays, sharedCopy, type SharedArrays } from './sharedArrays';

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
  const lateMs = timeoutMs + graceMs;
  let lost: UserError | undefined;
  const unlessLost = async <T>(work: () => Promise<T>): Promise<T> => {
    if (lost !== undefined) throw lost;
    try {
      return await work();
    } catch (error) {
      lost = threadLost(error);
      throw lost;
    }
  };
  return {
    name: `${count} ${count === 1 ? 'replica' : 'replicas'}`,
    weights: arrays.weights,
    moments: arrays.moments,
    average: arrays.average,
    state: () => arrays.state.map((values) => values.slice()),
    setState: (state: State) => state.forEach((values, index) => arrays.state[index]!.set(values)),
    step: (step) => unlessLost(() => runStep(replicas, arrays, step, lateMs)),
    measurer: {
      threads: count,
      measureEach: (parameters, pieces) => unlessLost(() => measureShares(replicas, parameters, pieces, lateMs)),
    },
    dispose,
  };
}

function threadLost(error: unknown): UserError {
  return new UserError(
    l10n.t`A training thread has failed: ${error instanceof Error ? error.message : String(error)}.`,
    l10n.t('The best model so far is kept; go on with it by continuing the training.'),
  );
}

async function runStep(
  replicas: readonly Replica[],
  arrays: SharedArrays,
  { window, streams: [start], ...settings }: Step,
  timeoutMs: number,
): Promise<StepLoss> {
  const { batch } = window;
  await Promise.all(
    replicas.map((replica, index) => {
      const [first, end] = streamsOf(index, replicas.length, batch);
      const streams = [start + first, start + end] as const;
      const own = cutStreams(window, [first, end]);
      return asked(replica, { type: 'step', window: own, streams, batch, ...settings }, 'done', timeoutMs);
    }),
  );
  return stepLoss(arrays, replicas.length, batch);
}

/** Each measures a share. */
async function measureShares(
  replicas: readonly Replica[],
  parameters: Float32Array,
  pieces: readonly Piece[],
  timeoutMs: number,
): Promise<number[]> {
  const shared = sharedCopy(parameters);
  const nats = new Map<Piece, number>();
  const shares = dealPieces(pieces, replicas.length);
  await Promise.all(
    replicas.map(async (replica, index) => {
      const share = shares[index]!;
      // Of what tokens are cut from, nothing but themselves is sent.
      const own = share.map(({ tokens, countFrom }) => ({ tokens: tokens.slice(), countFrom }));
      const request = { type: 'measure', parameters: shared, pieces: own } as const;
      const measured = await asked(replica, request, 'measured', timeoutMs);
      share.forEach((piece, place) => nats.set(piece, measured.nats[place]!));
    }),
  );
  return pieces.map((piece) => nats.get(piece)!);
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

type AnswerOf<T extends ReplicaAnswer['type']> = Extract<ReplicaAnswer, { type: T }>;

async function asked<T extends ReplicaAnswer['type']>(
  replica: Replica,
  request: ReplicaRequest,
  type: T,
  timeoutMs: number,
): Promise<AnswerOf<T>> {
  const answer = answered(replica, type, timeoutMs);
  replica.worker.postMessage(request);
  return answer;
}

/** Waits for an answer of that type; one that still measures has as much time again. */
async function answered<T extends ReplicaAnswer['type']>(
  replica: Replica,
  type: T,
  timeoutMs: number,
): Promise<AnswerOf<T>> {
  let timer: NodeJS.Timeout | undefined;
  let waitedMs = 0;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      waitedMs += sliceMs;
      if (waitedMs >= timeoutMs) reject(new Error('it does not answer'));
    }, sliceMs);
  });
  try {
    for (;;) {
      const answer = await Promise.race([replica.next(), late]);
      if (answer.type === 'failed') throw new Error(answer.why);
      if (answer.type === type) return answer as AnswerOf<T>;
      if (answer.type !== 'measuring') throw new Error(`it answered '${answer.type}' to what asks for '${type}'`);
      waitedMs = 0;
    }
  } finally {
    clearInterval(timer);
  }
}
