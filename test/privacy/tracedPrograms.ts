import { join, sep } from 'node:path';
import type { TracedProgram } from '../../scripts/privacy/trace.mjs';

/** What the system's own libraries and programs lie under, and those of Node. */
export const system = [
  '/lib',
  '/lib64',
  '/usr',
  '/etc',
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/var',
  join(process.execPath, '../..'),
];

/** The bundle that it runs, or else its own name. */
export function nameOf({ command }: TracedProgram): string {
  const script = command.find((argument) => /\bdist\/\w+\.js$/.test(argument));
  return script?.slice(script.lastIndexOf('dist/')) ?? command[0]!.slice(command[0]!.lastIndexOf(sep) + 1);
}

/** Whether a path lies below one of the roots, or begins with one that ends in / or -. */
export function lies(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => path === root || path.startsWith(/[/-]$/.test(root) ? root : `${root}/`));
}
