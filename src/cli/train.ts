import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { defaultKeptModels } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import { diskProblem } from '../protocol/diskProblem';
import type { CorpusSummary, TrainRequest, TrainingResult } from '../protocol/trainer';
import { UsageError, type Arguments, type Command } from './command';
import { describeQuality, formatSeconds, type Output } from './output';
import { withTrainer } from './processes';
import { createProgressDisplay } from './progressDisplay';
import { corpusOptions, readCorpusOptions, readShape, readTraining, trainingOptions } from './trainingOptions';

export const trainCommand: Command = {
  name: 'train',
  summary: 'Train a model on a folder',
  positionals: '[FOLDER]',
  positionalCount: [0, 1],
  options: {
    out: { type: 'string', hint: 'DIR', description: 'where the model goes (FOLDER/.recur)' },
    resume: { type: 'boolean', description: 'go on with the last training of that folder' },
    from: { type: 'string', hint: 'MODEL', description: "start from this model's weights, with its cell and sizes" },
    'pause-on-battery': { type: 'boolean', description: 'wait while the machine runs on its battery' },
    ...trainingOptions,
    ...corpusOptions,
  },
  async run(input, output) {
    const request = await readRequest(input);
    const result = await runTraining(request, output);
    output.result({ type: 'done', ...result }, describeResult(result));
    return 0;
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
    from: readFrom(input),
    keepModels: defaultKeptModels,
    pauseOnBattery: input.flag('pause-on-battery'),
  };
}

function readFrom(input: Arguments): TrainRequest['from'] {
  const from = input.text('from');
  if (from === undefined) return null;
  if (input.flag('resume')) throw new UsageError('--resume goes on with its own model: leave --from out.');
  return { directory: resolve(from), shape: readShape(input) };
}

/** @throws UserError where there is no such folder */
export async function requireFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new UserError(`${directory} is no folder.`, 'Name a folder to train on.');
}

/** `.recur` in the folder, which git ignores. */
export async function defaultOut(directory: string): Promise<string> {
  const out = join(directory, '.recur');
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw diskProblem(error, out) ?? error;
  });
  await writeFile(join(out, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
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
    const stop = stopOnInterrupt(() => trainer.remote.stop.asEvent(), output);
    try {
      return await Promise.race([trainer.remote.train(request), rejectOnExit(trainer.exited)]);
    } finally {
      stop();
      close();
    }
  });
}

async function rejectOnExit(exited: Promise<string>): Promise<never> {
  throw new UserError(
    `The training process has ended (${await exited}).`,
    'The last good model is kept; `recur doctor` tells what works on this machine.',
  );
}

/** @returns a function that stops listening */
function stopOnInterrupt(stop: () => Promise<void>, output: Output): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) process.exit(130);
    asked = true;
    output.note('Stopping; the best model is kept. Ctrl-C again ends at once.');
    stop().catch((error: unknown) => output.logger.error(describeError(error)));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => signals.forEach((signal) => process.off(signal, listener));
}

function describeCorpus(summary: CorpusSummary): string {
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
  const rows = [
    `trained ${count(result.steps)} steps in ${formatSeconds(result.seconds)} (${result.reason})`,
    `uniform baseline  ${describeQuality(uniform)}`,
    `unigram baseline  ${describeQuality(unigram)}`,
    `validation        ${describeQuality(result.validation)}`,
  ];
  if (result.test !== null) rows.push(`test              ${describeQuality(result.test)}`);
  return [...rows, `model             ${result.model}`].join('\n');
}
