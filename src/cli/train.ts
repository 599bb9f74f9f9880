import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { defaultKeptModels } from '../core/configuration';
import { describeError, isAborted, UserError } from '../core/errors';
import { makeWorkspaceModels, workspaceModels } from '../store/workspaceModels';
import type { CorpusSummary, TrainingResult, TrainRequest } from '../protocol/trainer';
import { describeStaying } from '../protocol/trainingEnd';
import { trainingSource } from '../protocol/trainingSource';
import { UsageError, type Arguments, type Command } from './command';
import { describeQuality, formatSeconds, type Output } from './output';
import { withTrainer } from './processes';
import { createProgressDisplay } from './progressDisplay';
import {
  corpusOptions,
  readCorpusOptions,
  readNamed,
  readShape,
  readTraining,
  trainingOptions,
} from './trainingOptions';

export const trainCommand: Command = {
  name: 'train',
  summary: 'Train a model on a folder',
  positionals: '[FOLDER]',
  positionalCount: [0, 1],
  outlivesOutput: true,
  options: {
    out: { type: 'string', hint: 'DIR', description: 'where the model goes (FOLDER/.recur)' },
    resume: { type: 'boolean', description: 'go on with the last training of that folder' },
    from: {
      type: 'string',
      hint: 'MODEL',
      description: "start from this model's weights, with its cell and sizes; none: random weights (the base model)",
    },
    'pause-on-battery': { type: 'boolean', description: 'wait while the machine runs on its battery' },
    ...trainingOptions,
    ...corpusOptions,
  },
  async run(input, output) {
    const request = await readRequest(input);
    const result = await runTraining(request, output);
    output.result({ type: 'done', ...result }, describeResult(result));
    return result.model === null ? 1 : 0;
  },
};

async function readRequest(input: Arguments): Promise<TrainRequest> {
  const [training, corpus] = [readTraining(input), readCorpusOptions(input)];
  const directory = resolve(input.positionals[0] ?? '.');
  await requireFolder(directory);
  const out = input.text('out');
  return {
    folders: [{ directory, name: basename(directory) }],
    out: out === undefined ? await defaultOut(directory) : resolve(out),
    training,
    corpus,
    resume: input.flag('resume'),
    named: readNamed(input, training),
    from: readFrom(input),
    keepModels: defaultKeptModels,
    pauseOnBattery: input.flag('pause-on-battery'),
  };
}

function readFrom(input: Arguments): TrainRequest['from'] {
  const from = input.text('from');
  const shape = readShape(input);
  if (from !== undefined && input.flag('resume')) {
    throw new UsageError('--resume goes on with its own model: leave --from out.');
  }
  const named = from === undefined || from === 'none' ? (from ?? '') : resolve(from);
  return trainingSource(named, __dirname, { base: shape, named: shape });
}

/** @throws UserError where there is no such folder */
export async function requireFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new UserError(`${directory} is no folder.`, 'Name a folder to train on.');
}

/** `.recur` in the folder, which git ignores. */
export async function defaultOut(directory: string): Promise<string> {
  const out = workspaceModels(directory);
  await makeWorkspaceModels(out);
  return out;
}

/** Trains, shows how it goes, and stops at Ctrl-C with the best model kept. A second Ctrl-C ends at once. */
export async function runTraining(request: TrainRequest, output: Output): Promise<TrainingResult> {
  const { close, ...display } = createProgressDisplay(output, request.training.budget);
  const events = {
    corpus: (summary: CorpusSummary) => output.result({ type: 'corpus', ...summary }, describeCorpus(summary)),
    ...display,
  };
  return withTrainer(output, events, async (trainer) => {
    const stop = stopOnSignal(() => trainer.remote.stop.asEvent(), output);
    try {
      return await Promise.race([trainer.remote.train(request), rejectOnExit(trainer.exited)]);
    } catch (error) {
      if (!isAborted(error)) throw error;
      throw new UserError('Stopped while the folder was read.', 'Nothing was trained, and nothing has changed.');
    } finally {
      stop();
      close();
    }
  });
}

/** Rejects when the training process ends, which it does not do by itself. */
async function rejectOnExit(exited: Promise<string>): Promise<never> {
  throw new UserError(
    `The training process has ended (${await exited}).`,
    'The last good model is kept; `recur doctor` tells what works on this machine.',
  );
}

/** What asks a program to end: a terminal by Ctrl-C and by being closed, whoever manages services or times by SIGTERM. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns a function that stops listening */
function stopOnSignal(stop: () => Promise<void>, output: Output): () => void {
  let asked = false;
  const listener = (signal: NodeJS.Signals): void => {
    // The others come twice where both the process and its group are meant (`timeout` does that).
    if (asked && signal === 'SIGINT') process.exit(130);
    if (asked) return;
    asked = true;
    output.note('Stopping; the best model is kept. Ctrl-C again ends at once.');
    stop().catch((error: unknown) => output.logger.error(describeError(error)));
  };
  for (const signal of endingSignals) process.on(signal, listener);
  return () => endingSignals.forEach((signal) => process.off(signal, listener));
}

/** What was read, in lines for people. */
export function describeCorpus(summary: CorpusSummary): string {
  const { files, characters, vocabulary, trainCharacters, validationCharacters, testCharacters } = summary;
  const leftOut = Object.entries(summary.leftOut).map(([reason, count]) => `${count} ${reason}`);
  const parts = `${count(trainCharacters)} to train, ${count(validationCharacters)} to validate, ${count(testCharacters)} to test`;
  const lines = [`${count(files)} files, ${count(characters)} characters (${parts}), ${vocabulary} tokens`];
  if (leftOut.length > 0) lines.push(`left out: ${leftOut.join(', ')}`);
  return lines.join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** How the training ended, for people. */
export function describeResult(result: TrainingResult): string {
  const { uniform, unigram } = result.baselines;
  const { steps, stepsBefore } = result;
  const inAll = stepsBefore === 0 ? '' : `, ${count(steps)} steps in all`;
  const rows = [
    `trained ${count(steps - stepsBefore)} steps in ${formatSeconds(result.seconds)} (${result.reason})${inAll}`,
    `uniform baseline  ${describeQuality(uniform)}`,
    `unigram baseline  ${describeQuality(unigram)}`,
    `validation        ${describeQuality(result.validation)}`,
  ];
  if (result.test !== null) rows.push(`test              ${describeQuality(result.test)}`);
  rows.push(`model             ${result.model ?? 'none'}`);
  const stays = describeStaying(result);
  return [...rows, ...(stays === '' ? [] : [stays])].join('\n');
}
