import { parseArgs } from 'node:util';
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
export function parseCommand(command: Command, raw: string[]): Arguments {
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

function parseStrictly(command: Command, raw: string[]): ReturnType<typeof parseArgs> {
  const definitions = Object.entries({ ...commonOptions, ...command.options });
  const options = Object.fromEntries(
    definitions.map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  );
  try {
    return parseArgs({ args: raw, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node adds lines of advice; the sentence stands first.
    throw new UsageError(describeError(error).split('\n')[0]);
  }
}

function toNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} takes a number, not '${text}'.`);
  return value;
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const rows = Object.entries({ ...command.options, ...commonOptions }).map(
    ([name, { hint, description }]) => [`--${name}${hint === undefined ? '' : ` ${hint}`}`, description] as const,
  );
  const usage = ['recur', command.name, command.positionals, '[options]'].filter((word) => word !== '').join(' ');
  return `${command.summary}\n\nUsage: ${usage}\n\n${table(rows)}`;
}

/** The help of the whole program. */
export function helpOfAll(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return `Recur: a language model of your own code\n\nUsage: recur COMMAND\n\n${table(rows)}\n\nrecur COMMAND --help tells more.`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([first]) => first.length)) + 2;
  return rows.map(([first, second]) => `  ${first.padEnd(width)}${second}`).join('\n');
}
