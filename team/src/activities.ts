import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { createJobLines, type JobLines } from './jobLines';
import { labelOf, type JobDone, type JobRequest, type Measured } from './jobRequest';

/** What a worker runs jobs with. */
export interface JobTools {
  /** The command line of Recur, `dist/cli.js`. */
  readonly cli: string;
  /** Name of the worker, in progress. */
  readonly worker: string;
  /** To tell of measurements whoever watches. */
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
/** From SIGTERM, which has it write a checkpoint, to SIGKILL. */
const graceMs = { cancelled: 2_000, shutDown: 30_000 };

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
    try {
      const file = join(folder, 'spec.json');
      await writeFile(file, JSON.stringify(spec));
      const which = machine === undefined ? [] : ['--machine', String(machine)];
      const args = [cli, 'job', action, file, ...which, '--json', '--tied', '--work', folder];
      return await ending(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] }), lines);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { runJob: (request) => run('run', request), publishJob: (request) => run('publish', request) };
}

async function ending(child: ChildProcessByStdio<Writable, Readable, Readable>, lines: JobLines): Promise<JobDone> {
  const context = Context.current();
  let complaint = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.take(line));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2_000)));
  const beat = (): void => context.heartbeat(lines.progress());
  const timer = setInterval(beat, beatMs);
  const stop = stopOnCancellation(child, context.cancellationSignal);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const done = lines.done();
    if (code === 0 && done !== undefined) return done;
    if (context.cancellationSignal.aborted) await context.cancelled;
    throw failureOf(code, complaint);
  } finally {
    clearInterval(timer);
    stop();
  }
}

/** @returns a function that no longer listens */
function stopOnCancellation(child: { kill(signal: NodeJS.Signals): boolean }, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    const isShutDown = String(signal.reason).includes('SHUTDOWN');
    timer = setTimeout(() => child.kill('SIGKILL'), isShutDown ? graceMs.shutDown : graceMs.cancelled);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
}

function failureOf(code: number | null, complaint: string): ApplicationFailure {
  const lines = complaint.split('\n').filter((line) => line.trim() !== '');
  const sentence = lines.at(-1)?.replace(/^recur: /, '') ?? `It ended with ${code ?? 'a signal'}.`;
  const nonRetryable = code !== null && permanentCodes.has(code);
  return ApplicationFailure.create({ message: sentence, type: nonRetryable ? 'Failed' : 'TryAgain', nonRetryable });
}
