/** Runs the bundled suites that drive the editor's window from outside; they lie beside this file's bundle. */
import Mocha from 'mocha';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runMocha, type HostResults } from './hostResults';

/** @param grep only tests whose full title matches this regular expression run */
export async function runWindowSuites(grep: string | undefined): Promise<HostResults> {
  const suites = path.join(import.meta.dirname, 'window');
  const names = existsSync(suites) ? readdirSync(suites).filter((name) => name.endsWith('.test.mjs')) : [];
  if (names.length === 0) return { passed: 0, failed: 0, skipped: [], retried: [] };
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 120_000,
    retries: 1,
    ...(grep ? { grep } : {}),
  });
  for (const name of names.sort()) mocha.addFile(path.join(suites, name));
  await mocha.loadFilesAsync();
  return runMocha(mocha);
}
