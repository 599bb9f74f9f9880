/** Entry point inside VS Code (`extensionTestsPath`): runs the bundled suites that lie beside it with Mocha. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import type { Test } from 'mocha';
import { runMocha } from './hostResults';
import { findPageDriver, printLine } from './pageDriver';
import { hostEnvironment } from './pageOperations';

function print(...parts: unknown[]): void {
  void printLine(format(...parts));
}

async function showFailure(test: Test | undefined): Promise<void> {
  if (test?.state !== 'failed') return;
  const name = `failed-${test.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100)}`;
  await findPageDriver()?.screenshot({ name });
}

async function createMocha(): Promise<Mocha> {
  const { default: Mocha } = await import('mocha');
  // The reporter's own way out is the console of the extension host, which shows lines late and out of order.
  Object.assign(Mocha.reporters.Base, { consoleLog: print });
  const grep = process.env[hostEnvironment.grep];
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    color: false,
    timeout: 60_000,
    retries: 1,
    ...(grep ? { grep } : {}),
  });
  mocha.rootHooks({
    async afterEach(this: Mocha.Context) {
      await showFailure(this.currentTest);
    },
  });
  const suites = path.join(__dirname, 'suite');
  for (const name of readdirSync(suites).sort()) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(suites, name));
  }
  return mocha;
}

/** Runs every suite; rejects when a test fails or none ran. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const mocha = await createMocha();
  const results = await runMocha(mocha);
  await printLine('');
  const file = process.env[hostEnvironment.resultsFile];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  if (results.failed > 0) throw new Error(`${results.failed} tests failed.`);
}
