import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defaultCorpus } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import { readChanges, type ChangedFile } from '../corpus/changes';
import type { ReviewedLine } from '../protocol/engine';
import { ranked, shownOf } from '../protocol/review';
import { findBaseModel } from '../store/baseModel';
import { modelToLoad } from '../store/modelDirectory';
import { UsageError, type Arguments, type Command } from './command';
import type { Output } from './output';
import { loadModel, modelOptions, withEngine, type ModelChoice } from './processes';
import { describeReviewed, reviewRecord, sarifLog } from './reviewReport';
import { requireFolder } from './train';

export const reviewCommand: Command = {
  name: 'review',
  summary: 'Rank the changed lines of a folder by how unlike the rest of the code they are',
  positionals: '[FOLDER]',
  positionalCount: [0, 1],
  options: {
    base: { type: 'string', hint: 'REV', description: 'what has changed since this revision (the last commit)' },
    all: {
      type: 'boolean',
      description: 'every line of the changed and untracked files, not one in twenty that changed',
    },
    sarif: { type: 'string', hint: 'FILE', description: 'write a SARIF 2.1.0 log' },
    'fail-above': { type: 'string', hint: 'N', description: 'exit with 1 where a line that is shown scores more' },
    ...modelOptions,
  },
  async run(input, output) {
    const failAbove = input.number('fail-above');
    const sarif = input.text('sarif');
    if (sarif !== undefined && input.flag('json')) throw new UsageError('--sarif FILE does not go with --json.');
    const directory = resolve(input.positionals[0] ?? '.');
    await requireFolder(directory);
    const changes = await readChanges(directory, input.text('base'), defaultCorpus, output.logger);
    const shown = changes.length === 0 ? [] : await review(input, output, directory, changes);
    if (sarif === undefined) for (const line of shown) output.result(reviewRecord(line), describeReviewed(line));
    else await writeLog(sarif, shown);
    return failAbove !== undefined && shown.some(({ score }) => score > failAbove) ? 1 : 0;
  },
};

async function review(
  input: Arguments,
  output: Output,
  directory: string,
  changes: readonly ChangedFile[],
): Promise<ReviewedLine[]> {
  const everyLine = input.flag('all');
  const files = changes.map(({ path, text, lines }) => ({ path, text, lines: everyLine ? allLines(text) : lines }));
  const model = await modelFor(input, directory);
  return withEngine(output, {}, async (engine) => {
    await loadModel(engine, input, undefined, model);
    const folders = [{ directory, name: '' }];
    const reviewed = await engine.remote.reviewLines({ folders, corpus: defaultCorpus, files });
    return ranked(reviewed).slice(0, everyLine ? reviewed.length : shownOf(reviewed.length));
  });
}

function allLines(text: string): number[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return Array.from({ length: lines }, (_, line) => line);
}

/** The model that was named, or trained in the folder; else the one that comes with Recur, or the memory alone. */
async function modelFor(input: Arguments, directory: string): Promise<ModelChoice> {
  const named = input.text('model');
  if (named !== undefined) return { directory: named };
  const own = join(directory, '.recur');
  if ((await modelToLoad(own)) !== undefined) return { directory: own };
  const base = await findBaseModel(__dirname);
  return base === undefined ? { directory: null } : { directory: base, isBase: true };
}

async function writeLog(file: string, reviewed: readonly ReviewedLine[]): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(sarifLog(reviewed, __RECUR_VERSION__), undefined, 2)}\n`);
  } catch (error) {
    throw new UserError(`${file} cannot be written (${describeError(error)}).`, 'Name a file in a folder that exists.');
  }
}
