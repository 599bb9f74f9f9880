import { cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Real sources that every checkout has: a folder of an installed package, copied to where no repository leaves it out, as this one
 * leaves out node_modules.
 */
export function packageFolder(path: string): string {
  const copy = join(tmpdir(), 'recur-bench', path);
  cpSync(resolve('node_modules', path), copy, { recursive: true });
  return copy;
}
