/**
 * npm run test:desktop [-- -g PATTERN]: the suites of test/host inside desktop VS Code, which @vscode/test-electron downloads.
 * RECUR_VSCODE names an installed one to use instead.
 */
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleHostSuites } from './host/bundle.mjs';
import { temporaryFolder } from './host/cleanup.mjs';
import { projectRoot } from './setup/prepare.mjs';
import { quietSettings } from './host/quietSettings.mjs';
import { writeSettings } from './host/settings.mjs';
import { ensureBuilt, exitWithResults, grepArgument, printSummary } from './host/suiteRun.mjs';
import { copyWorkspace } from './host/workspace.mjs';

/** @typedef {import('../test/host/hostResults').HostResults} HostResults */

async function findVscode() {
  const chosen = process.env.RECUR_VSCODE;
  if (chosen !== undefined) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`RECUR_VSCODE names a file that does not exist: ${chosen}`);
  }
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(projectRoot, '.vscode-test') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Desktop VS Code could not be downloaded (${reason}): connect to the internet, name an installed one in the ` +
        'environment variable RECUR_VSCODE, or run the same suites in the VS Code server: npm run test:host.',
      { cause: error },
    );
  }
}

function ensureDisplay() {
  if (process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined)
    return;
  throw new Error(
    'Desktop VS Code needs a display: run xvfb-run -a npm run test:desktop (Debian: apt-get install xvfb).',
  );
}

/** @param {string} file @returns {HostResults} */
function readResults(file) {
  if (!existsSync(file)) throw new Error('Desktop VS Code ended without test results: see the lines above.');
  /** @type {unknown} */
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {HostResults} */ (results);
}

await exitWithResults(async () => {
  const grep = grepArgument();
  const vscodeExecutablePath = await findVscode();
  ensureDisplay();
  ensureBuilt();
  const extensionTestsPath = await bundleHostSuites();
  const { folder: scratch } = await temporaryFolder('desktop');
  writeSettings(path.join(scratch, 'User'), quietSettings);
  const resultsFile = path.join(scratch, 'results.json');
  const ran = runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath,
    launchArgs: [
      await copyWorkspace(),
      '--disable-workspace-trust',
      '--disable-extensions',
      '--user-data-dir',
      scratch,
    ],
    extensionTestsEnv: { RECUR_HOST_RESULTS: resultsFile, RECUR_HOST_GREP: grep },
  });
  // A failed test ends VS Code with an error; which one, the results say.
  await ran.catch((/** @type {unknown} */ error) => console.error(error instanceof Error ? error.message : error));
  const results = readResults(resultsFile);
  printSummary('desktop', results);
  return results;
});
