import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isAborted } from '../core/errors';
import { TemporaryError } from '../objectStore/objectStore';
import { openStore } from '../objectStore/openStore';
import { readJobSpec, SpecError, type JobSpec } from '../jobs/jobSpec';
import { publishJob, runJob, type JobOutcome, type Train } from '../jobs/runJob';
import type { JobResult } from '../jobs/storedFiles';
import { UsageError, type Command } from './command';
import { describeQuality, type Output } from './output';
import { baseSource } from '../protocol/trainingSource';
import { withTrainer } from './processes';
import { createProgressDisplay } from './progressDisplay';
import { describeCorpus, endingSignals } from './train';

/** The command has not ended, and goes on where it was when it is run again (EX_TEMPFAIL of sysexits.h). */
export const tryAgainCode = 75;

export const jobCommand: Command = {
  name: 'job',
  summary: 'Run a training job of a team from a SPEC, with its checkpoints and its model in a store (docs/scale.md)',
  positionals: 'run|publish SPEC.json',
  positionalCount: [2, 2],
  outlivesOutput: true,
  options: {
    store: { type: 'string', hint: 'STORE', description: "a folder, or s3://BUCKET/PREFIX, in place of the SPEC's" },
    work: { type: 'string', hint: 'DIR', description: 'where it is checked out and trained, for the time of it' },
    machine: { type: 'string', hint: 'N', description: 'which of the "machines" of the SPEC this is, 1 for the first' },
    tied: { type: 'boolean', description: 'end, as by SIGTERM, when standard input does: with whoever has started it' },
  },
  async run(input, output) {
    const [action, file = ''] = input.positionals;
    if (action !== 'run' && action !== 'publish')
      throw new UsageError(`recur job takes run or publish, not '${action}'.`);
    const spec = await readSpec(file);
    const machine = action === 'run' ? machineOf(spec, input.text('machine')) : 0;
    const address = input.text('store') ?? spec.store;
    const stop = stopWhenAsked(output, input.flag('tied'));
    try {
      const store = await openStore(address, __dirname);
      const shared = { store, logger: output.logger, signal: stop.signal };
      if (action === 'publish') {
        const { result, version } = await publishJob(spec, shared);
        return report({ kind: 'done', result, version, again: true }, output);
      }
      const work = await mkdtemp(join(input.text('work') ?? tmpdir(), 'recur-job-'));
      try {
        return report(await run(spec, { ...shared, work: resolve(work), machine }, output), output);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    } finally {
      stop.forget();
    }
  },
};

async function readSpec(file: string): Promise<JobSpec> {
  try {
    return await readJobSpec(file);
  } catch (error) {
    if (error instanceof SpecError) throw new UsageError(error.message);
    throw error;
  }
}

/** @returns from 0 */
function machineOf({ machines }: JobSpec, given: string | undefined): number {
  const machine = given === undefined && machines === 1 ? 1 : Number(given);
  if (Number.isInteger(machine) && machine >= 1 && machine <= machines) return machine - 1;
  throw new UsageError(
    machines === 1
      ? 'This SPEC is for one machine: leave --machine out.'
      : `This SPEC is for ${machines} machines: say which of them this is, --machine 1 to ${machines}.`,
  );
}

function run(
  spec: JobSpec,
  shared: Pick<Parameters<typeof runJob>[1], 'store' | 'logger' | 'signal' | 'work' | 'machine'>,
  output: Output,
): Promise<JobOutcome> {
  return runJob(spec, {
    ...shared,
    ...{ base: baseSource(__dirname, spec.shape), train: createTrain(output) },
    events: {
      job: (job) => output.result({ type: 'job', name: spec.name, ...job }, `job ${job.job}, of ${job.source}`),
      restored: (reached) => output.result({ type: 'restored', ...reached }, `goes on after step ${reached.step}`),
      stored: (step) => {
        if (output.json) output.result({ type: 'stored', step }, '');
        else output.logger.info(`The checkpoint of step ${step} is in the store.`);
      },
      round: (round) => {
        if (output.json) output.result({ type: 'round', round }, '');
        else output.logger.info(`All machines have ended round ${round}.`);
      },
    },
  });
}

/** A training that is asked to end has done so with its next checkpoint: nobody waits for its last measurement. */
export function createTrain(output: Output): Train {
  return async (request, { checkpoint, ...meeting }, signal) => {
    const { close, ...display } = createProgressDisplay(output, request.training.budget);
    let stop = (): void => undefined;
    const stopped = new Promise<undefined>((resolve) => (stop = () => resolve(undefined)));
    const events = {
      corpus: (summary: Parameters<typeof describeCorpus>[0]) =>
        output.result({ type: 'corpus', ...summary }, describeCorpus(summary)),
      checkpoint: (directory: string, step: number) => {
        checkpoint(directory, step);
        if (signal.aborted) stop();
      },
      ...meeting,
      ...display,
    };
    return withTrainer(output, events, async (trainer) => {
      const ask = (): void => void trainer.remote.stop.asEvent();
      signal.addEventListener('abort', ask, { once: true });
      if (signal.aborted) return undefined;
      try {
        return await Promise.race([trainer.remote.train(request), tryAgainOnExit(trainer.exited), stopped]);
      } catch (error) {
        if (isAborted(error)) return undefined;
        throw error;
      } finally {
        signal.removeEventListener('abort', ask);
        close();
      }
    });
  };
}

/** What ends a trainer, memory that runs out most of all, may have passed when the job goes on, or be otherwise on another machine. */
async function tryAgainOnExit(exited: Promise<string>): Promise<never> {
  throw new TemporaryError(
    `The training process has ended (${await exited}).`,
    'Try again: the job goes on from its last checkpoint.',
  );
}

function stopWhenAsked(output: Output, isTied: boolean): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (!controller.signal.aborted) output.note('Stopping after a checkpoint; the job goes on when it is run again.');
    controller.abort();
  };
  for (const name of endingSignals) process.on(name, stop);
  // The system closes the pipe of a process that was killed.
  if (isTied) process.stdin.on('end', stop).on('error', stop).resume();
  return {
    signal: controller.signal,
    forget() {
      endingSignals.forEach((name) => process.off(name, stop));
      if (isTied) process.stdin.off('end', stop).off('error', stop).destroy();
    },
  };
}

function report(outcome: JobOutcome, output: Output): number {
  if (outcome.kind === 'stopped') {
    const from = outcome.step === null ? 'from its beginning' : `after step ${outcome.step}`;
    output.result({ type: 'stopped', step: outcome.step }, `stopped; run again, the job goes on ${from}`);
    return tryAgainCode;
  }
  const { result, version, again } = outcome;
  output.result({ type: 'done', version, again, ...result }, describeDone(result, version, again));
  return 0;
}

function describeDone(result: JobResult, version: number | null, again: boolean): string {
  const { name, steps, reason, validation, test } = result;
  const rows = [
    `trained ${steps.toLocaleString('en')} steps (${reason})${again ? ', by an earlier or another run' : ''}`,
    `validation        ${describeQuality(validation)}`,
    ...(test === null ? [] : [`test              ${describeQuality(test)}`]),
    `model             ${name}${version === null ? ', not published' : `, version ${version}`}`,
  ];
  return rows.join('\n');
}
