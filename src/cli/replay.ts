import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import {
  defaultCompletions,
  defaultKeptModels,
  defaultTraining,
  type CorpusConfiguration,
} from '../core/configuration';
import { UserError } from '../core/errors';
import { createRandom } from '../core/random';
import { readCommittedTexts, type CommittedTexts } from '../corpus/history/committedTexts';
import { additionsOf, drawAdditions } from '../offers/measuring/addedLines';
import type { ReplayedText } from '../protocol/replay';
import { baseSource } from '../protocol/trainingSource';
import { findBaseModel } from '../store/baseModel';
import { readModel } from '../store/modelDirectory';
import type { SourceDocument } from '../text/document';
import { UsageError, type Arguments, type Command } from './command';
import { largestSeed, numberFrom, wholeNumberFrom } from './numbers';
import type { Output } from './output';
import { loadModel, modelOptions, withEngine, type ModelChoice } from './processes';
import { reportHistory, reportReplay } from './replayReport';
import { endingSignals, requireFolder, runTraining } from './train';
import { corpusOptions, readCorpusOptions, readTraining, trainingOptions } from './trainingOptions';

const defaultCommits = 200;
const defaultLines = 300;

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Type the lines that the last commits have added once more, to see what completions would have saved',
  positionals: '[FOLDER]',
  positionalCount: [0, 1],
  options: {
    commits: { type: 'string', hint: 'N', description: `commits of the history that are replayed (${defaultCommits})` },
    lines: { type: 'string', hint: 'N', description: `lines that are typed, drawn at random (${defaultLines})` },
    seed: { type: 'string', hint: 'S', description: 'chooses the lines (1)' },
    'minimum-confidence': {
      type: 'string',
      hint: 'X',
      description: `show nothing less probable (${defaultCompletions.minimumConfidence})`,
    },
    ...modelOptions,
    model: { type: 'string', hint: 'DIR', description: 'use this model (one trained on the commit before them)' },
    'without-training': { type: 'boolean', description: 'use the base model, with the memory' },
    minutes: trainingOptions.minutes!,
    steps: trainingOptions.steps!,
    threads: trainingOptions.threads!,
    ...corpusOptions,
  },
  async run(input, output) {
    const { directory, corpus, commits, lines, seed, completions } = readRequest(input);
    await requireFolder(directory);
    const history = await readCommittedTexts(directory, commits, corpus);
    const { texts, counts } = textsToType(history, lines, seed);
    const { commit, timeMs } = history.start;
    const date = new Date(timeMs).toISOString().slice(0, 10);
    reportHistory(output, { commit, date, commits: history.commits.length, ...counts });
    if (counts.typed === 0) throw new UserError('These commits have added no line to type.', 'Replay more of them.');
    return withModel(input, output, { directory, corpus, history }, async (model) =>
      withEngine(output, createEvents(output, counts.typed), async (engine) => {
        await loadModel(engine, input, undefined, model);
        const request = { documents: history.documents, commits: texts, ...completions };
        reportReplay(output, await engine.remote.replay(request), completions.minimumConfidence);
        return 0;
      }),
    );
  },
};

function readRequest(input: Arguments) {
  if (input.flag('without-training') && input.text('model') !== undefined) {
    throw new UsageError('--without-training uses the base model: it does not go with --model.');
  }
  const { prose, maxCharacters, minimumConfidence } = defaultCompletions;
  return {
    directory: resolve(input.positionals[0] ?? '.'),
    corpus: readCorpusOptions(input),
    commits: wholeNumberFrom(input, 'commits', defaultCommits, 1, 100_000),
    lines: wholeNumberFrom(input, 'lines', defaultLines, 1, 1_000_000),
    seed: wholeNumberFrom(input, 'seed', 1, 0, largestSeed),
    completions: {
      ...{ prose, maxCharacters },
      minimumConfidence: numberFrom(input, 'minimum-confidence', minimumConfidence, 0, 1),
    },
  };
}

/** What the commits have changed, with the lines that are drawn to be typed, and how many others there are. */
function textsToType({ commits }: CommittedTexts, count: number, seed: number) {
  const additions = commits.map(additionsOf);
  const drawn = drawAdditions(
    additions.map(({ lines }) => lines),
    count,
    createRandom(seed),
  );
  const texts = commits.map((changes, commit) =>
    changes.map((change, index): ReplayedText => {
      const lines = drawn[commit]![index]!;
      return { ...change, before: lines.length === 0 ? '' : change.before, lines };
    }),
  );
  const total = (of: 'moved' | 'notTyped'): number => additions.reduce((sum, addition) => sum + addition[of], 0);
  const written = additions.flatMap(({ lines }) => lines.flat()).length;
  const counts = { written, moved: total('moved'), notTyped: total('notTyped'), typed: drawn.flat(2).length };
  return { texts, counts };
}

function createEvents(output: Output, total: number) {
  const every = output.json ? 5 : 50;
  return {
    replayed: (typed: number) => {
      if (typed % every !== 0 || typed === total) return;
      if (output.json) output.result({ type: 'typed', lines: typed }, '');
      else output.note(`${typed} of ${total} lines typed`);
    },
  };
}

interface Past {
  readonly directory: string;
  readonly corpus: CorpusConfiguration;
  readonly history: CommittedTexts;
}

/** Runs `use` with the model that the options name, the base model, or one that is trained on the texts before the commits. */
async function withModel(
  input: Arguments,
  output: Output,
  past: Past,
  use: (model: ModelChoice) => Promise<number>,
): Promise<number> {
  const named = input.text('model');
  if (named !== undefined) {
    await warnOfLaterModel(named, past.history.start.timeMs, output);
    return use({ directory: named });
  }
  if (input.flag('without-training') || isTooLittle(past.history, output)) return use(await requireBase());
  return withTemporaryFolder(async (folder) => {
    const tree = join(folder, basename(past.directory));
    await writeTexts(tree, past.history.documents);
    const out = join(folder, 'model');
    const result = await runTraining(
      {
        folders: [{ directory: tree, name: basename(tree) }],
        ...{ out, corpus: past.corpus, training: readTraining(input), resume: false, from: baseSource(__dirname) },
        ...{ keepModels: defaultKeptModels, pauseOnBattery: false },
      },
      output,
    );
    if (result.model === null)
      throw new UserError('The training was stopped before there was a model.', 'Start again.');
    return use({ directory: out });
  });
}

function isTooLittle({ documents }: CommittedTexts, output: Output): boolean {
  const characters = documents.reduce((sum, { text }) => sum + text.length, 0);
  const isLess = characters < defaultTraining.minimumCharacters;
  if (isLess) output.note(`Of ${characters} characters no model is trained: the base model answers, with the memory.`);
  return isLess;
}

/** A model that has read the lines it shall complete makes figures too good. */
async function warnOfLaterModel(directory: string, startMs: number, output: Output): Promise<void> {
  const { manifest } = await readModel(directory);
  if (Date.parse(manifest.createdAt) <= startMs) return;
  output.note('This model was made after the commits began: where it has read them, its figures are too good.');
}

async function requireBase(): Promise<ModelChoice> {
  const directory = await findBaseModel(__dirname);
  if (directory !== undefined) return { directory, isBase: true };
  throw new UserError('This build comes without a base model.', 'Name a model with --model, or train.');
}

async function writeTexts(tree: string, documents: readonly SourceDocument[]): Promise<void> {
  await mkdir(tree);
  for (const { path, text } of documents) {
    // An ignore file would hide what is committed all the same; of a name that is a file and a folder only one can be.
    if (basename(path) === '.gitignore') continue;
    const file = join(tree, path);
    await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
    await writeFile(file, text).catch(() => undefined);
  }
}

/** A folder that only this user may read, removed however the command ends. */
async function withTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'recur-replay-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  // While it trains a signal asks for the model so far.
  const end = (): void => {
    if (process.listenerCount('SIGINT') === 1) process.exit(130);
  };
  for (const signal of endingSignals) process.on(signal, end);
  try {
    return await use(folder);
  } finally {
    for (const signal of endingSignals) process.off(signal, end);
    process.off('exit', remove);
    await rm(folder, { recursive: true, force: true });
  }
}
