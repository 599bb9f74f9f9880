import { Command as Program, Option } from 'commander';
import { describeError } from '../core/errors';
import type { Output } from './output';

/** Arguments that do not fit: shown with a hint at the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface OptionDefinition {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** Stands for the value in the help. */
  readonly hint?: string;
  readonly description: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** As in the help, for instance `[FOLDER]`. */
  readonly positionals: string;
  /** Fewest and most positional arguments. */
  readonly positionalCount: readonly [number, number];
  readonly options: Readonly<Record<string, OptionDefinition>>;
  /** Goes on where nobody reads its standard output any more: what it is for lies elsewhere. */
  readonly outlivesOutput?: boolean;
  /** @returns the exit code */
  run(input: Arguments, output: Output): Promise<number>;
}

/** The arguments of a command, read by name; a value that does not fit throws {@link UsageError}. */
export interface Arguments {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  number(name: string): number | undefined;
}

/** Options that every command has. */
export const commonOptions: Readonly<Record<string, OptionDefinition>> = {
  json: { type: 'boolean', description: 'write JSON lines and nothing else to standard output' },
  verbose: { type: 'boolean', description: 'write the log to standard error' },
  help: { type: 'boolean', description: 'show this help' },
};

/**
 * @throws UsageError for an unknown option, a missing value or too few or many arguments
 */
export function parseCommand(command: Command, raw: readonly string[]): Arguments {
  const { values, positionals } = parseStrictly(command, raw);
  const [fewest, most] = command.positionalCount;
  if (values.help !== true && (positionals.length < fewest || positionals.length > most)) {
    throw new UsageError(`recur ${command.name} takes ${command.positionals || 'no further arguments'}.`);
  }
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    flag: (name) => values[name] === true,
    text,
    texts: (name) => [values[name] ?? []].flat().filter((value) => typeof value === 'string'),
    number: (name) => toNumber(name, text(name)),
  };
}

/** A command as the argument library has it. */
function programOf({ name, summary, positionals, options }: Command): Program {
  const usage = [positionals, '[options]'].filter((word) => word !== '').join(' ');
  const program = new Program(name).summary(summary).description(summary).usage(usage);
  program
    .argument('[arguments...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const definition of Object.entries({ ...options, ...commonOptions })) program.addOption(optionOf(...definition));
  return program;
}

function optionOf(name: string, { type, multiple = false, hint = 'VALUE', description }: OptionDefinition): Option {
  const option = new Option(type === 'boolean' ? `--${name}` : `--${name} <${hint}>`, description);
  return multiple ? option.argParser((value, before: string[] | undefined) => [...(before ?? []), value]) : option;
}

function parseStrictly(
  command: Command,
  raw: readonly string[],
): { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] } {
  const program = programOf(command);
  try {
    program.parse(raw, { from: 'user' });
  } catch (error) {
    const [first = '', ...advice] = describeError(error)
      .replace(/^error: /, '')
      .split('\n');
    throw new UsageError([`${first.charAt(0).toUpperCase()}${first.slice(1)}.`, ...advice].join(' '));
  }
  const values = program.opts<Record<string, unknown>>();
  const named = program.options.map((option): [string, unknown] => [option.name(), values[option.attributeName()]]);
  return { values: Object.fromEntries(named), positionals: program.args };
}

function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not '${text}'.`);
  return value;
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const program = programOf(command);
  new Program('recur').addCommand(program);
  return program.helpInformation().trimEnd();
}

/** The help of the whole program. */
export function helpOfAll(commands: readonly Command[]): string {
  const program = new Program('recur').description('Recur: a language model of your own code').usage('COMMAND');
  program
    .helpOption(false)
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => command.name() });
  for (const command of commands) program.addCommand(programOf(command));
  return `${program.helpInformation()}\nrecur COMMAND --help tells more.`;
}
