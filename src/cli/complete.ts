import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  defaultCompletions,
  defaultCorpus,
  multilineChoices,
  proseCompletionChoices,
  type CompletionConfiguration,
  type CorpusConfiguration,
  type Multiline,
  type ProseCompletions,
} from '../core/configuration';
import type { WorkspaceFolder } from '../text/document';
import { documentPath } from '../text/documentPath';
import { UserError } from '../core/errors';
import { requireText } from '../corpus/readDocuments';
import type { EngineClient } from '../ipc/client';
import { mostSuggestions, type EngineStatus } from '../protocol/engine';
import { findBaseModel } from '../store/baseModel';
import { modelToLoad, readModel, readRunOfModel } from '../store/modelDirectory';
import { answerRequests } from './answerRequests';
import { UsageError, type Arguments, type Command } from './command';
import { numberFrom, wholeNumberFrom } from './numbers';
import type { Output } from './output';
import { loadModel, modelDirectory, modelOptions, withEngine, type ModelChoice } from './processes';

export const completeCommand: Command = {
  name: 'complete',
  summary: 'Complete a line of a file, as the editor would',
  positionals: 'FILE --line L --column C, or --requests',
  positionalCount: [0, 1],
  options: {
    line: { type: 'string', hint: 'L', description: 'line of the cursor, from 1' },
    column: { type: 'string', hint: 'C', description: 'column of the cursor, from 1, in UTF-16 units' },
    requests: {
      type: 'boolean',
      description: 'answer JSON lines {id, path, text, offset} on standard input; offset in UTF-16 units',
    },
    'max-characters': {
      type: 'string',
      hint: 'N',
      description: `longest completion (${defaultCompletions.maxCharacters})`,
    },
    'minimum-confidence': {
      type: 'string',
      hint: 'X',
      description: `offer nothing less probable (${defaultCompletions.minimumConfidence})`,
    },
    workspace: {
      type: 'string',
      hint: 'DIR',
      description: 'folder that the memory holds (what the model was trained on); enough where there is no model yet',
    },
    prose: {
      type: 'string',
      hint: proseCompletionChoices.join('|'),
      description: `what is offered in comments and prose (${defaultCompletions.prose})`,
    },
    multiline: {
      type: 'string',
      hint: multilineChoices.join('|'),
      description: 'lines below too, to the end of the block; auto: where the model is confident (never)',
    },
    suggestions: {
      type: 'string',
      hint: 'N',
      description: `different lines, however unsure, the surest first (1; ${mostSuggestions} at most)`,
    },
    'without-memory': { type: 'boolean', description: 'ask the network alone' },
    ...modelOptions,
  },
  run: (input, output) => (input.flag('requests') ? completeRequests(input, output) : completePlace(input, output)),
};

async function completePlace(input: Arguments, output: Output): Promise<number> {
  const [name] = input.positionals;
  if (name === undefined) throw new UsageError(`recur complete takes ${completeCommand.positionals}.`);
  const [line, column] = [
    wholeNumberFrom(input, 'line', undefined, 1, 1_000_000_000),
    wholeNumberFrom(input, 'column', undefined, 1, 1_000_000_000),
  ];
  const file = resolve(name);
  const text = await requireText(name, await requireFile(file));
  const offset = offsetAt(text, line, column);
  return withModel(input, output, async (engine, folders, { answers }) => {
    // Its name where it lies outside the folders trained on, as in the header it would have had.
    const path = documentPath(file, folders) ?? basename(file);
    const document = { uri: pathToFileURL(file).href, version: 1, path, text };
    await engine.remote.openDocument(document);
    const place = { uri: document.uri, version: 1, offset, exact: true };
    const answer = await engine.remote.complete({ ...place, ...completionsOf(input) });
    if (answer.kind === 'none' && answer.reason === 'excluded') {
      throw new UserError(`${file} is not completed: it holds a private key or a token.`, 'Use another file.');
    }
    const completion = answer.kind === 'completion' ? answer.completion : { text: '', confidence: 0, milliseconds: 0 };
    const { others } = answer;
    const texts = [completion, ...(others ?? [])].map(({ text }) => text).filter((text) => text !== '');
    output.result({ type: 'completion', ...completion, ...(others && { others }), model: answers }, texts.join('\n'));
  });
}

async function completeRequests(input: Arguments, output: Output): Promise<number> {
  if (input.positionals.length > 0) throw new UsageError('--requests takes no FILE: every request has its own.');
  const completions = completionsOf(input);
  return withModel(input, output, (engine, folders) =>
    answerRequests(engine, output, { input: process.stdin, completions, folders }),
  );
}

/** Runs `use` with an engine that has the model and remembers the workspace, without the edited file. */
async function withModel(
  input: Arguments,
  output: Output,
  use: (engine: EngineClient, folders: readonly WorkspaceFolder[], status: EngineStatus) => Promise<void>,
): Promise<number> {
  const { model, folders, corpus } = await modelAndWorkspace(input, output);
  const memory = input.flag('without-memory') ? undefined : { folders, corpus, patient: false };
  return withEngine(output, {}, async (engine) => {
    const status = await loadModel(engine, input, memory, model);
    await engine.remote.memoryReady();
    await use(engine, folders, status);
    return 0;
  });
}

interface ModelAndWorkspace {
  /** Where there is none in the folder the one that comes with Recur, or else none: the memory answers alone. */
  readonly model: ModelChoice;
  readonly folders: readonly WorkspaceFolder[];
  readonly corpus: CorpusConfiguration;
}

async function modelAndWorkspace(input: Arguments, output: Output): Promise<ModelAndWorkspace> {
  const workspace = input.text('workspace');
  if (workspace !== undefined && input.flag('without-memory')) {
    throw new UsageError('--workspace names what the memory holds: it does not go with --without-memory.');
  }
  const named = workspace === undefined ? undefined : [{ directory: resolve(workspace), name: '' }];
  const directory = modelDirectory(input);
  const mayBeMissing = named !== undefined && input.text('model') === undefined;
  if (mayBeMissing && (await modelToLoad(directory)) === undefined) {
    const base = await findBaseModel(__dirname);
    const model = base === undefined ? { directory: null } : { directory: base, isBase: true };
    return { model, folders: named, corpus: defaultCorpus };
  }
  const run = await readRunOfModel(await readModel(directory), (problem) => output.note(problem));
  return { model: { directory }, folders: named ?? run?.folders ?? [], corpus: run?.corpus ?? defaultCorpus };
}

function completionsOf(input: Arguments): CompletionConfiguration & { readonly suggestions?: number } {
  const prose = input.text('prose') ?? defaultCompletions.prose;
  if (!isProseChoice(prose)) throw new UsageError(`--prose takes one of ${proseCompletionChoices.join(', ')}.`);
  const multiline = input.text('multiline') ?? 'never';
  if (!isMultiline(multiline)) throw new UsageError(`--multiline takes one of ${multilineChoices.join(', ')}.`);
  const suggestions = wholeNumberFrom(input, 'suggestions', 1, 1, mostSuggestions);
  return {
    ...{ prose, multiline },
    ...(suggestions > 1 && { suggestions }),
    maxCharacters: wholeNumberFrom(input, 'max-characters', defaultCompletions.maxCharacters, 1, 500),
    minimumConfidence: numberFrom(input, 'minimum-confidence', defaultCompletions.minimumConfidence, 0, 1),
  };
}

function isMultiline(text: string): text is Multiline {
  return (multilineChoices as readonly string[]).includes(text);
}

function isProseChoice(text: string): text is ProseCompletions {
  return (proseCompletionChoices as readonly string[]).includes(text);
}

async function requireFile(file: string): Promise<string> {
  // A pipe or device may never end.
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new UserError(`${file} is no file.`, 'Name the file to complete in.');
  return file;
}

/** The offset of a place in UTF-16 units; lines end in LF. */
function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  const lineEnd = /\n/g;
  for (let current = 1; current < line; current++) {
    if (lineEnd.exec(text) === null) throw new UserError(`The file has no line ${line}.`, `It has ${current}.`);
    start = lineEnd.lastIndex;
  }
  const end = lineEnd.exec(text)?.index ?? text.length;
  if (column - 1 > end - start) {
    throw new UserError(`Line ${line} has no column ${column}.`, `Its last one is ${end - start + 1}.`);
  }
  return start + column - 1;
}
