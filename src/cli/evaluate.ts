import { resolve } from 'node:path';
import { defaultCompletions } from '../core/configuration';
import { measuredModels, type EvaluateRequest, type EvaluationTotal, type AnsweringModel } from '../protocol/engine';
import type { EngineClient } from '../ipc/client';
import { UsageError, type Arguments, type Command } from './command';
import { reportCharacters } from './characterReport';
import { reportCompletions } from './completionReport';
import { largestSeed, wholeNumberFrom } from './numbers';
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
    'per-character': {
      type: 'boolean',
      description:
        'write a JSON line for each character of one file; offsets in UTF-16 units of its text with LF line ends',
    },
    positions: { type: 'string', hint: 'N', description: `random places to complete at (${defaultPositions})` },
    seed: { type: 'string', hint: 'S', description: 'chooses the places (1)' },
    ...modelOptions,
    ...corpusOptions,
  },
  async run(input, output) {
    const request = readRequest(input);
    const withMemory = input.flag('with-memory');
    if (input.flag('per-character')) return measureCharacters(input, output, request);
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
  const positions = wholeNumberFrom(input, 'positions', defaultPositions, 1, 1_000_000);
  const seed = wholeNumberFrom(input, 'seed', 1, 0, largestSeed);
  const lines = Math.ceil(positions / positionsPerLine);
  return withEngine(output, {}, async (engine: EngineClient) => {
    await loadModel(engine, input);
    const { figures } = await engine.remote.evaluateCompletions({
      ...{ files, model, positions, lines, seed, ...defaultCompletions },
      ...(workspace === undefined ? {} : { workspace }),
    });
    reportCompletions(output, figures, model);
    return 0;
  });
}

async function measureCharacters(input: Arguments, output: Output, request: EvaluateRequest): Promise<number> {
  if (input.flag('completions')) throw new UsageError('--per-character does not go with --completions.');
  const [path, ...more] = 'paths' in request ? request.paths : [];
  if (path === undefined || more.length > 0) throw new UsageError('--per-character takes one file.');
  const withMemory = input.flag('with-memory');
  const workspace = workspaceOf(input);
  if (workspace !== undefined && !withMemory) throw new UsageError('--workspace needs --with-memory.');
  return withEngine(output, {}, async (engine) => {
    await loadModel(engine, input);
    const named = workspace === undefined ? {} : { workspace };
    const corpus = readCorpusOptions(input);
    reportCharacters(output, await engine.remote.evaluateCharacters({ paths: [path], corpus, withMemory, ...named }));
    return 0;
  });
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
