import { resolve } from 'node:path';
import { defaultCompletions } from '../core/configuration';
import { measuredModels, type EvaluateRequest, type EvaluationTotal, type AnsweringModel } from '../protocol/engine';
import type { EngineClient } from '../processes/client';
import { UsageError, type Arguments, type Command } from './command';
import { reportCompletions } from './completionFigures';
import { describeQuality, type Output } from './output';
import { loadModel, modelOptions, withEngine } from './processes';
import { corpusOptions, readCorpusOptions } from './trainingOptions';

const defaultPositions = 1000;
/** So many places are drawn for each line that is typed; a line has about 30 of them. */
const positionsPerLine = 20;

export const evaluateCommand: Command = {
  name: 'evaluate',
  summary: 'Measure a model on files, or on the held-out part of its own training run',
  positionals: '[PATH...]',
  positionalCount: [0, Infinity],
  options: {
    split: { type: 'string', hint: 'validation|test', description: "the files of the run's own split" },
    'with-memory': { type: 'boolean', description: 'measure network, language-model memory and both together' },
    workspace: {
      type: 'string',
      hint: 'DIR',
      description: 'folder that the memory holds (what the model was trained on); never the files measured',
    },
    completions: { type: 'boolean', description: 'measure how often completions are right, and what they save' },
    positions: { type: 'string', hint: 'N', description: `random places to complete at (${defaultPositions})` },
    seed: { type: 'string', hint: 'S', description: 'chooses the places (1)' },
    ...modelOptions,
    ...corpusOptions,
  },
  async run(input, output) {
    const request = readRequest(input);
    const withMemory = input.flag('with-memory');
    if (input.flag('completions')) return measureCompletions(input, output, request);
    for (const name of ['positions', 'seed']) {
      if (input.text(name) !== undefined) throw new UsageError(`--${name} needs --completions.`);
    }
    if (input.text('workspace') !== undefined && !withMemory) throw new UsageError('--workspace needs --with-memory.');
    const evaluated = (file: { path: string; characters: number } & Parameters<typeof describeQuality>[0]): void =>
      output.result({ type: 'file', ...file }, `${file.path}: ${file.characters} characters, ${describeQuality(file)}`);
    return withEngine(output, { evaluated }, async (engine) => {
      await loadModel(engine, input);
      if (withMemory) {
        const totals = await engine.remote.evaluateWithMemory(request, workspaceOf(input));
        for (const model of measuredModels) reportTotal(output, totals[model], model);
      } else {
        reportTotal(output, await engine.remote.evaluate(request), 'network');
      }
      return 0;
    });
  },
};

async function measureCompletions(input: Arguments, output: Output, files: EvaluateRequest): Promise<number> {
  const withMemory = input.flag('with-memory');
  const workspace = workspaceOf(input);
  if (workspace !== undefined && !withMemory) throw new UsageError('--workspace needs --with-memory.');
  const model = withMemory ? 'both' : 'network';
  const positions = wholeNumber(input, 'positions', defaultPositions, 1);
  const seed = wholeNumber(input, 'seed', 1, 0);
  const lines = Math.ceil(positions / positionsPerLine);
  return withEngine(output, {}, async (engine: EngineClient) => {
    await loadModel(engine, input);
    const figures = await engine.remote.evaluateCompletions({
      ...{ files, model, positions, lines, seed, ...defaultCompletions },
      ...(workspace === undefined ? {} : { workspace }),
    });
    reportCompletions(output, figures, model);
    return 0;
  });
}

function wholeNumber(input: Arguments, name: string, fallback: number, least: number): number {
  const value = input.number(name) ?? fallback;
  if (Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} takes a whole number from ${least}.`);
}

function reportTotal(output: Output, total: EvaluationTotal, model: AnsweringModel): void {
  const text = `total, ${model}: ${total.characters} characters, ${describeQuality(total)}`;
  output.result({ type: 'total', model, ...total }, text);
}

/** Absolute: the engine has a current folder of its own. */
function workspaceOf(input: Arguments): string | undefined {
  const workspace = input.text('workspace');
  return workspace === undefined ? undefined : resolve(workspace);
}

function readRequest(input: Arguments): EvaluateRequest {
  const split = input.text('split');
  if ((split === undefined) === (input.positionals.length === 0)) {
    throw new UsageError('Name files or folders, or --split validation or test.');
  }
  if (split === undefined) {
    return { paths: input.positionals.map((path) => resolve(path)), corpus: readCorpusOptions(input) };
  }
  if (split !== 'validation' && split !== 'test') throw new UsageError('--split takes validation or test.');
  return { split };
}
