import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defaultCompletions, defaultCorpus } from '../core/configuration';
import { documentPath } from '../core/documentPath';
import { UserError } from '../core/errors';
import { findModel, readModel, readRunOfModel } from '../protocol/modelDirectory';
import { UsageError, type Arguments, type Command } from './command';
import { loadModel, modelDirectory, modelOptions, withEngine } from './processes';

export const completeCommand: Command = {
  name: 'complete',
  summary: 'Complete a line of a file, as the editor would',
  positionals: 'FILE',
  positionalCount: [1, 1],
  options: {
    line: { type: 'string', hint: 'L', description: 'line of the cursor, from 1' },
    column: { type: 'string', hint: 'C', description: 'column of the cursor, from 1, in UTF-16 units' },
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
    'without-memory': { type: 'boolean', description: 'ask the network alone' },
    ...modelOptions,
  },
  async run(input, output) {
    const [line, column] = [required(input, 'line'), required(input, 'column')];
    const file = resolve(input.positionals[0]!);
    const text = await readText(file);
    const offset = offsetAt(text, line, column);
    const run = await readRunOfModel(await readModel(await findModel(modelDirectory(input))));
    // Its name where it lies outside the folders trained on, as in the header it would have had.
    const path = documentPath(file, run?.folders ?? []) ?? basename(file);
    const document = { uri: pathToFileURL(file).href, version: 1, path, text };
    const memory = { folders: run?.folders ?? [], corpus: run?.corpus ?? defaultCorpus, patient: false };
    return withEngine(output, {}, async (engine) => {
      await loadModel(engine, input, input.flag('without-memory') ? undefined : memory);
      await engine.remote.memoryReady();
      await engine.remote.openDocument(document);
      const maxCharacters = input.number('max-characters') ?? defaultCompletions.maxCharacters;
      const minimumConfidence = input.number('minimum-confidence') ?? defaultCompletions.minimumConfidence;
      const answer = await engine.remote.complete({
        ...{ uri: document.uri, version: 1, offset },
        ...{ maxCharacters, minimumConfidence, exact: true },
      });
      if (answer.kind === 'none' && answer.reason === 'excluded') {
        throw new UserError(
          `${file} is not completed: it is binary, generated or holds a secret.`,
          'Use another file.',
        );
      }
      const completion =
        answer.kind === 'completion' ? answer.completion : { text: '', confidence: 0, milliseconds: 0 };
      output.result({ type: 'completion', ...completion }, completion.text);
      return 0;
    });
  },
};

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
