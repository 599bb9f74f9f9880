import { readFile, stat } from 'node:fs/promises';
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
import type { WorkspaceFolder } from '../core/document';
import { documentPath } from '../core/documentPath';
import { UserError } from '../core/errors';
import type { EngineClient } from '../processes/client';
import type { EngineStatus } from '../protocol/engine';
import { findModel, readCurrent, readModel, readRunOfModel } from '../protocol/modelDirectory';
import { answerRequests } from './answerRequests';
import { UsageError, type Arguments, type Command } from './command';
import type { Output } from './output';
import { loadModel, modelDirectory, modelOptions, withEngine } from './processes';

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
    'without-memory': { type: 'boolean', description: 'ask the network alone' },
    ...modelOptions,
  },
  run: (input, output) => (input.flag('requests') ? completeRequests(input, output) : completePlace(input, output)),
};

async function completePlace(input: Arguments, output: Output): Promise<number> {
  const [name] = input.positionals;
  if (name === undefined) throw new UsageError(`recur complete takes ${completeCommand.positionals}.`);
  const [line, column] = [required(input, 'line'), required(input, 'column')];
  const file = resolve(name);
  const text = await readText(file);
  const offset = offsetAt(text, line, column);
  return withModel(input, output, async (engine, folders, { answers }) => {
    // Its name where it lies outside the folders trained on, as in the header it would have had.
    const path = documentPath(file, folders) ?? basename(file);
    const document = { uri: pathToFileURL(file).href, version: 1, path, text };
    await engine.remote.openDocument(document);
    const place = { uri: document.uri, version: 1, offset, exact: true };
    const answer = await engine.remote.complete({ ...place, ...completionsOf(input) });
    if (answer.kind === 'none' && answer.reason === 'excluded') {
      throw new UserError(`${file} is not completed: it is binary, generated or holds a secret.`, 'Use another file.');
    }
    const completion = answer.kind === 'completion' ? answer.completion : { text: '', confidence: 0, milliseconds: 0 };
    output.result({ type: 'completion', ...completion, model: answers }, completion.text);
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
  const { directory, folders, corpus } = await modelAndWorkspace(input);
  const memory = input.flag('without-memory') ? undefined : { folders, corpus, patient: false };
  return withEngine(output, {}, async (engine) => {
    const status = await loadModel(engine, input, memory, directory);
    await engine.remote.memoryReady();
    await use(engine, folders, status);
    return 0;
  });
}

interface ModelAndWorkspace {
  /** null: there is no model, and the memory of the workspace that was named answers alone. */
  readonly directory: string | null;
  readonly folders: readonly WorkspaceFolder[];
  readonly corpus: CorpusConfiguration;
}

async function modelAndWorkspace(input: Arguments): Promise<ModelAndWorkspace> {
  const workspace = input.text('workspace');
  if (workspace !== undefined && input.flag('without-memory')) {
    throw new UsageError('--workspace names what the memory holds: it does not go with --without-memory.');
  }
  const named = workspace === undefined ? undefined : [{ directory: resolve(workspace), name: '' }];
  const directory = modelDirectory(input);
  const mayBeMissing = named !== undefined && input.text('model') === undefined;
  if (mayBeMissing && (await readCurrent(directory)) === undefined) {
    return { directory: null, folders: named, corpus: defaultCorpus };
  }
  const run = await readRunOfModel(await readModel(await findModel(directory)));
  return { directory, folders: named ?? run?.folders ?? [], corpus: run?.corpus ?? defaultCorpus };
}

function completionsOf(input: Arguments): CompletionConfiguration {
  const prose = input.text('prose') ?? defaultCompletions.prose;
  if (!isProseChoice(prose)) throw new UsageError(`--prose takes one of ${proseCompletionChoices.join(', ')}.`);
  const multiline = input.text('multiline') ?? 'never';
  if (!isMultiline(multiline)) throw new UsageError(`--multiline takes one of ${multilineChoices.join(', ')}.`);
  return {
    ...{ prose, multiline },
    maxCharacters: input.number('max-characters') ?? defaultCompletions.maxCharacters,
    minimumConfidence: input.number('minimum-confidence') ?? defaultCompletions.minimumConfidence,
  };
}

function isMultiline(text: string): text is Multiline {
  return (multilineChoices as readonly string[]).includes(text);
}

function isProseChoice(text: string): text is ProseCompletions {
  return (proseCompletionChoices as readonly string[]).includes(text);
}

async function readText(file: string): Promise<string> {
  // A pipe or device may never end.
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new UserError(`${file} is no file.`, 'Name the file to complete in.');
  return readFile(file, 'utf8');
}

function required(input: Arguments, name: string): number {
  const value = input.number(name);
  if (value === undefined || !Number.isInteger(value) || value < 1) {
    throw new UsageError(`--${name} takes a whole number from 1.`);
  }
  return value;
}

/** The offset of a place in UTF-16 units; lines end in LF, CRLF or CR. */
function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  const lineEnd = /\r\n|\n|\r/g;
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
