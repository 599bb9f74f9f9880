import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ActivityCancelledError, ActivityNotFoundError, type Client } from '@temporalio/client';
import { createJobLines, type JobLines } from './jobLines';
import { labelOf, type JobDone, type JobRequest, type Measured } from './jobRequest';
import { holdLease, type Lease } from './lease';

/** What a worker runs jobs with. */
export interface JobTools {
  /** The command line of Recur, `dist/cli.js`. */
  readonly cli: string;
  /** Name of the worker, in progress. */
  readonly worker: string;
  /** To tell the engine that a job is alive, and whoever watches what it has measured. */
  readonly client: Client;
  /** Takes a line for whoever reads the worker's output. */
  readonly log: (line: string) => void;
}

/** What the workflows have done by a worker. */
export interface JobActivities {
  runJob(request: JobRequest): Promise<JobDone>;
  /** Publishes what a job with `"publish": false` has trained. */
  publishJob(request: JobRequest): Promise<JobDone>;
}

/** Exit codes of `recur job`: what cannot be helped by trying again, and what can. */
const permanentCodes = new Set([1, 2]);
const beatMs = 1_000;
/** Heartbeats whose answers are waited for, beside those of the SDK, which tells nobody whether they arrive. */
const leaseMs = 2_000;
/** From SIGTERM, which has it write a checkpoint, to SIGKILL. */
const graceMs = { cancelled: 2_000, shutDown: 30_000 };

/** A job is a group of processes: the trainings that it has started end with it at once, however busy the machine is. */
const hasGroups = process.platform !== 'win32';

export function createActivities({ cli, worker, client, log }: JobTools): JobActivities {
  async function run(action: 'run' | 'publish', request: JobRequest): Promise<JobDone> {
    const { spec, machine, watcher } = request;
    const measured = (measurement: Omit<Measured, 'name'>): void => {
      // All machines of a model measure the same.
      if (watcher === undefined || (machine ?? 1) > 1) return;
      const signalled = client.workflow
        .getHandle(watcher)
        .signal('measured', { name: labelOf(request), ...measurement });
      signalled.catch(() => undefined); // it may have ended
    };
    const restored = (step: number): void => log(`${labelOf(request)} goes on after step ${step}`);
    const lines = createJobLines(worker, { measured, restored });
    const folder = await mkdtemp(join(tmpdir(), 'recur-worker-'));
    const lease = leaseOf(client, lines);
    lease.lost.addEventListener('abort', () => log(`${labelOf(request)} is given up: ${lease.lost.reason}`));
    try {
      const file = join(folder, 'spec.json');
      await writeFile(file, JSON.stringify(spec));
      const which = machine === undefined ? [] : ['--machine', String(machine)];
      const args = [cli, 'job', action, file, ...which, '--json', '--tied', '--work', folder];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: hasGroups });
      return await ending(child, lines, lease.lost);
    } finally {
      lease.release();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { runJob: (request) => run('run', request), publishJob: (request) => run('publish', request) };
}

/** Of the job that is run now. */
function leaseOf(client: Client, lines: JobLines): Lease {
  const { taskToken, heartbeatTimeoutMs: termMs } = Context.current().info;
  if (termMs === undefined) throw new Error('Jobs have heartbeats.');
  const beat = async (): Promise<boolean> => {
    try {
      await client.withDeadline(Date.now() + termMs, () => client.activity.heartbeat(taskToken, lines.progress()));
    } catch (error) {
      if (error instanceof ActivityNotFoundError) return false;
      // It ends by the context's signal.
      if (!(error instanceof ActivityCancelledError)) throw error;
    }
    return true;
  };
  return holdLease({ beat, everyMs: leaseMs, termMs });
}

async function ending(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  lines: JobLines,
  lost: AbortSignal,
): Promise<JobDone> {
  const context = Context.current();
  const { cancellationSignal: cancelled } = context;
  let complaint = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.take(line));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2_000)));
  // Where it was cancelled comes with the answer.
  const timer = setInterval(() => context.heartbeat(lines.progress()), beatMs);
  const isShutDown = (): boolean => String(cancelled.reason).includes('SHUTDOWN');
  const stops = [
    stopOn(cancelled, child, () => (isShutDown() ? graceMs.shutDown : graceMs.cancelled)),
    stopOn(lost, child, () => graceMs.cancelled),
  ];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const done = lines.done();
    if (code === 0 && done !== undefined) return done;
    if (cancelled.aborted) await context.cancelled;
    throw failureOf(code, lost.aborted ? String(lost.reason) : complaint);
  } finally {
    clearInterval(timer);
    for (const stop of stops) stop();
  }
}

/** @returns a function that no longer listens */
function stopOn(signal: AbortSignal, child: ChildProcess, grace: () => number): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    timer = setTimeout(() => kill(child), grace());
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
}

function kill(child: ChildProcess): void {
  if (!hasGroups || child.pid === undefined) return void child.kill('SIGKILL');
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function failureOf(code: number | null, complaint: string): ApplicationFailure {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const sentence = lines.at(-1)?.replace(/^recur: /, '') ?? `It ended with ${code ?? 'a signal'}.`;
  const nonRetryable = code !== null && permanentCodes.has(code);
  return ApplicationFailure.create({ message: sentence, type: nonRetryable ? 'Failed' : 'TryAgain', nonRetryable });
}
