/** What the two ways of running the suites share: arguments, the build before, the summary after. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../setup/prepare.mjs';

/** @typedef {import('../../test/host/hostResults').HostResults} HostResults */

/**
 * @returns {string | undefined} the pattern after -g or --grep
 * @throws where there is any other argument
 */
export function grepArgument(args = process.argv.slice(2)) {
  return parseArgs({ args, options: { grep: { type: 'string', short: 'g' } } }).values.grep;
}

/** Builds Recur: the suites run what stands in dist, and that must never be older than the sources. */
export function ensureBuilt() {
  const { status } = spawnSync(process.execPath, [path.join(projectRoot, 'scripts/build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('Recur could not be built: see the lines above.');
}

/** Only this run's pictures are left for whoever looks at them. */
export function removeOldScreenshots() {
  rmSync(path.join(projectRoot, 'test-results/screenshots'), { recursive: true, force: true });
}

/** @param {string} name @param {HostResults} results */
export function printSummary(name, { passed, failed, skipped, retried }) {
  for (const { title, reason } of retried) console.log(`${name}: '${title}' failed at the first try:\n${reason}`);
  for (const { title, reason } of skipped) console.log(`${name}: skipped '${title}': ${reason}`);
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
}

/**
 * Runs a script's main function: one sentence and exit code 1 when it throws.
 * @param {() => Promise<HostResults>} main
 */
export async function exitWithResults(main) {
  try {
    const { passed, failed } = await main();
    if (passed + failed === 0) console.error('No test ran.');
    if (failed > 0 || passed === 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
