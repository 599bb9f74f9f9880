/**
 * npm run test:host [-- -g PATTERN]: the suites of test/host inside the VS Code server, and those that drive its window
 * (scripts/hostServer.mjs), with the packaged extension and without network where that can be had.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleHostSuites, bundleWindowSuites } from './host/bundle.mjs';
import { closingAll, temporaryFolder } from './host/cleanup.mjs';
import { deadProxy, withoutNetwork } from './host/cutNetwork.mjs';
import { freshPackage } from './host/freshPackage.mjs';
import { ensureBuilt, exitWithResults, grepArgument, printSummary, removeOldScreenshots } from './host/suiteRun.mjs';
import { copyWorkspace } from './host/workspace.mjs';
import { installHost, runSuites } from './hostServer.mjs';
import { readJson } from './setup/jsonFile.mjs';
import { projectRoot } from './setup/prepare.mjs';

/** @typedef {import('../test/host/hostResults').HostResults} HostResults */

/** @param {string | undefined} grep @returns {Promise<HostResults>} */
async function runHostSuites(grep) {
  const testsPath = await bundleHostSuites();
  return runSuites({ workspaceFolder: await copyWorkspace(), testsPath, ...(grep === undefined ? {} : { grep }) });
}

/** @param {string | undefined} grep @returns {Promise<HostResults>} */
async function runWindowSuites(grep) {
  const vsix = await freshPackage();
  const bundle = await bundleWindowSuites();
  return closingAll(async (later) => {
    const { folder, remove } = await temporaryFolder('window');
    later(remove);
    const resultsFile = path.join(folder, 'results.json');
    const script = path.join(projectRoot, 'scripts/host/windowRun.mjs');
    const program = [process.execPath, script, bundle, resultsFile, ...(grep === undefined ? [] : [grep])];
    const { command, problem } = withoutNetwork(program);
    const network = problem === undefined ? {} : { ...deadProxy, RECUR_WINDOW_NETWORK: problem };
    const env = { ...process.env, ...network, RECUR_WINDOW_VSIX: vsix };
    const child = spawn(command[0] ?? '', command.slice(1), { stdio: 'inherit', env });
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
    if (!existsSync(resultsFile)) throw new Error('The suites that drive a window ended without results.');
    return /** @type {HostResults} */ (readJson(resultsFile));
  });
}

await exitWithResults(async () => {
  const grep = grepArgument();
  await installHost();
  ensureBuilt();
  removeOldScreenshots();
  const inside = await runHostSuites(grep);
  const outside = await runWindowSuites(grep);
  const results = {
    passed: inside.passed + outside.passed,
    failed: inside.failed + outside.failed,
    skipped: [...inside.skipped, ...outside.skipped],
    retried: [...inside.retried, ...outside.retried],
  };
  printSummary('host', results);
  return results;
});
