import { describeError } from '../core/errors';
import { helpOf, helpOfAll, parseCommand, UsageError, type Command } from './command';
import { completeCommand } from './complete';
import { doctorCommand } from './doctor';
import { evaluateCommand } from './evaluate';
import { generateCommand } from './generate';
import { jobCommand, tryAgainCode } from './job';
import { lspCommand } from './lsp';
import { modelsCommand } from './models';
import { createOutput, type StandardStreams } from './output';
import { isExpected } from './processes';
import { isTemporary } from '../objectStore/objectStore';
import { createStandardStream } from './standardStream';
import { pullCommand } from './pull';
import { replayCommand } from './replay';
import { reviewCommand } from './review';
import { startCommand } from './start';
import { trainCommand } from './train';

const commands = [
  trainCommand,
  evaluateCommand,
  replayCommand,
  completeCommand,
  generateCommand,
  modelsCommand,
  doctorCommand,
  lspCommand,
  reviewCommand,
  startCommand,
  jobCommand,
  pullCommand,
];

/**
 * Opens both streams. Where whoever reads standard output is gone, that is no failure: most commands are done then; where
 * writing fails, they have failed. A command that outlives its output goes on either way.
 */
function openStreams(outlivesOutput: boolean): StandardStreams {
  const standardError = createStandardStream(process.stderr, () => undefined);
  const standardOutput = createStandardStream(process.stdout, (end) => {
    if (end.kind === 'failed') {
      standardError.write(`recur: Standard output cannot be written to (${end.code}). Write it to another place.\n`);
      process.exitCode = 1;
    }
    if (!outlivesOutput) process.exit();
  });
  return { standardOutput, standardError };
}

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage, 75 not done: try again later */
async function main([name, ...raw]: string[]): Promise<number> {
  const asksForHelp = name === undefined || ['help', '--help', '-h'].includes(name);
  const command = commands.find((candidate) => candidate.name === name);
  const streams = openStreams(command?.outlivesOutput === true);
  if (command !== undefined) return runCommand(command, raw, streams);
  const output = createOutput(streams, { json: false, verbose: false });
  if (asksForHelp) output.say(helpOfAll(commands));
  else output.note(`recur: there is no command '${name}'; recur --help lists them.`);
  return asksForHelp ? 0 : 2;
}

async function runCommand(command: Command, raw: string[], streams: StandardStreams): Promise<number> {
  try {
    const input = parseCommand(command, raw);
    const output = createOutput(streams, { json: input.flag('json'), verbose: input.flag('verbose') });
    if (!input.flag('help')) return await command.run(input, output);
    output.say(helpOf(command));
    return 0;
  } catch (error) {
    return fail(command, error, raw.includes('--verbose'), streams);
  }
}

function fail(command: Command, error: unknown, verbose: boolean, { standardError }: StandardStreams): number {
  const isUsage = error instanceof UsageError;
  const hint = isUsage ? ` recur ${command.name} --help tells more.` : '';
  standardError.write(`recur: ${describeError(error)}${hint}\n`);
  if (verbose && !isExpected(error) && error instanceof Error) standardError.write(`${error.stack ?? ''}\n`);
  if (isTemporary(error)) return tryAgainCode;
  return isUsage ? 2 : 1;
}

void main(process.argv.slice(2)).then((code) => {
  // 1 already where not all could be written.
  process.exitCode = code === 0 ? (process.exitCode ?? 0) : code;
});
