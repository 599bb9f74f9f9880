import { execFile } from 'node:child_process';

/** Linux ends a program with its parent where that is asked for before it starts, which setpriv of util-linux can do. */
const asking = ['setpriv', '--pdeathsig', 'KILL'] as const;

let works: Promise<boolean> | undefined;

/**
 * The command line with which a program ends when its parent does, however that ends; unchanged where the system cannot do that.
 * A program that waits for what never comes would stay for ever otherwise.
 */
export async function endsWithParent(program: readonly [string, ...string[]]): Promise<readonly [string, ...string[]]> {
  works ??= process.platform === 'linux' ? runs([...asking, 'true']) : Promise.resolve(false);
  return (await works) ? [...asking, ...program] : program;
}

function runs([command = '', ...args]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => void execFile(command, args, (error) => resolve(error === null)));
}
