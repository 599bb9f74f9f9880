import { describeError } from '../core/errors';
import { helpOf, helpOfAll, parseCommand, UsageError, type Command } from './command';
import { completeCommand } from './complete';
import { doctorCommand } from './doctor';
import { evaluateCommand } from './evaluate';
import { generateCommand } from './generate';
import { createOutput } from './output';
import { isExpected } from './processes';
import { startCommand } from './start';
import { trainCommand } from './train';

const commands = [trainCommand, evaluateCommand, completeCommand, generateCommand, doctorCommand, startCommand];

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
async function main([name, ...raw]: string[]): Promise<number> {
  const asksForHelp = name === undefined || ['help', '--help', '-h'].includes(name);
  const command = commands.find((candidate) => candidate.name === name);
  if (asksForHelp || command === undefined) {
    const output = createOutput(false, false);
    if (asksForHelp) output.say(helpOfAll(commands));
    else output.note(`recur: there is no command '${name}'; recur --help lists them.`);
    return asksForHelp ? 0 : 2;
  }
  return runCommand(command, raw);
}

async function runCommand(command: Command, raw: string[]): Promise<number> {
  try {
    const input = parseCommand(command, raw);
    const output = createOutput(input.flag('json'), input.flag('verbose'));
    if (!input.flag('help')) return await command.run(input, output);
    output.say(helpOf(command));
    return 0;
  } catch (error) {
    return fail(command, error, raw.includes('--verbose'));
  }
}

function fail(command: Command, error: unknown, verbose: boolean): number {
  const isUsage = error instanceof UsageError;
  const hint = isUsage ? ` recur ${command.name} --help tells more.` : '';
  process.stderr.write(`recur: ${describeError(error)}${hint}\n`);
  if (verbose && !isExpected(error) && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return isUsage ? 2 : 1;
}

// A reader that closes the pipe early (`recur train | head`) is no failure of ours.
process.stdout.on('error', () => process.exit(0));

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
