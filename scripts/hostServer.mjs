/**
 * Runs Recur inside a real VS Code without desktop VS Code: the VS Code server that the npm package code-server carries
 * (scripts/host/install.mjs), shown in Chromium. Two ways:
 *
 * 1. runSuites: Mocha runs inside the extension host (commands, API) and may ask for the page (what a user sees).
 *    To add a suite, write test/host/suite/NAME.test.ts: Mocha's describe and it, `import * as vscode from 'vscode'`.
 *    It runs in a copy of test/fixtures/workspace, here and, by npm run test:desktop, in desktop VS Code. A test that must
 *    see or touch the page gets a driver from test/host/pageDriver.ts; in desktop VS Code such a test is skipped:
 *
 *      it('shows ghost text', async function () {
 *        const page = needsPage(this);
 *        await page.waitFor({ selector: '.ghost-text-decoration' });
 *        await page.screenshot({ name: 'ghostText' });
 *        await page.press({ key: 'Tab' });
 *      });
 *
 *    Operations: test/host/pageOperations.ts. Skip with `skip(this, reason)`, so that the summary can print why.
 *    A modal dialog throws in this mode. A failed test leaves test-results/screenshots/failed-….png.
 *
 * 2. openEditor: an ordinary window with an extension installed from a VSIX or linked from a folder, driven from
 *    outside with Playwright. For what an extension host cannot see of itself: reloading the window, workspace trust,
 *    the package. Write test/host/window/NAME.test.ts: it runs under Mocha in plain Node and calls openEditor.
 *
 * `node scripts/hostServer.mjs` only installs the server and what it needs.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { closerStack, closingAll, temporaryFolder } from './host/cleanup.mjs';
import { openBrowser, waitForWorkbench } from './host/editorPage.mjs';
import { ensureHostServer } from './host/install.mjs';
import { writeServerSettings } from './host/settings.mjs';
import { projectRoot } from './setup/prepare.mjs';
import { startPageDriver, takeScreenshot } from './host/pageDriver.mjs';
import { quietSettings } from './host/quietSettings.mjs';
import { browserRequirements, ensureRequirements } from './host/requirements.mjs';
import { installVsix, startServer, uninstallExtension } from './host/server.mjs';

/**
 * @typedef {import('../test/host/hostResults').HostResults} HostResults
 * @typedef {import('playwright-core').Page} Page
 */

export const screenshotFolder = path.join(projectRoot, 'test-results/screenshots');

/**
 * @typedef {object} SuiteOptions
 * @property {string} workspaceFolder
 * @property {string} testsPath the bundled entry point, see host/bundle.mjs
 * @property {string} [extensionFolder] default: this repository
 * @property {Record<string, unknown>} [settings] user and machine settings
 * @property {boolean} [workspaceTrust] true: folders are not trusted until the user says so
 * @property {string} [grep] only tests whose full title matches run
 * @property {number} [timeoutMs] for the whole run
 * @property {NodeJS.ProcessEnv} [environment] added to the environment of the extension host
 */

/** @param {number} port @param {SuiteOptions} options */
function testPayload(port, { extensionFolder = projectRoot, testsPath }) {
  const remote = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${port}${file}`;
  return JSON.stringify([
    ['extensionDevelopmentPath', remote(extensionFolder)],
    ['extensionTestsPath', remote(testsPath)],
  ]);
}

/** Installs an extension that does nothing until a test activates it. @param {string} dataFolder */
function linkOtherCompleter(dataFolder) {
  const extensions = path.join(dataFolder, 'extensions');
  mkdirSync(extensions, { recursive: true });
  const fixture = path.join(projectRoot, 'test/fixtures/otherCompleter');
  symlinkSync(fixture, path.join(extensions, 'tabbyml.vscode-tabby-0.0.1'), 'dir');
}

/** @param {Page} page @returns {Promise<{ ended: Promise<number>, console: string[] }>} */
async function watchHost(page) {
  /** @type {string[]} */
  const lines = [];
  const verbose = process.env.RECUR_HOST_VERBOSE !== undefined;
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    const line = `[${type}] ${args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ')}`;
    if (!line.includes('Ignoring fetching additional builtin extensions')) lines.push(line);
    if (verbose) console.log(line);
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
  });
  return { ended, console: lines };
}

/** @param {string} file @returns {HostResults | undefined} */
function readResults(file) {
  if (!existsSync(file)) return undefined;
  /** @type {unknown} */
  const results = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {HostResults} */ (results);
}

/** @param {Page} page @param {string} problem @param {string[]} hostConsole @param {string} serverLog */
async function describeFailure(page, problem, hostConsole, serverLog) {
  const file = await takeScreenshot(page, screenshotFolder, 'run-did-not-end').catch(() => 'none');
  const tail = (/** @type {string[]} */ lines) => lines.slice(-30).join('\n');
  return new Error(
    `${problem} Screenshot: ${file}\n--- console of the extension host\n${tail(hostConsole)}\n` +
      `--- log of the server\n${tail(serverLog.split('\n'))}`,
  );
}

/** @param {SuiteOptions} options @param {{ address: string, token: string }} driver @param {string} resultsFile */
function hostEnvironment({ environment, grep }, driver, resultsFile) {
  return {
    ...environment,
    RECUR_HOST_DRIVER: driver.address,
    RECUR_HOST_DRIVER_TOKEN: driver.token,
    RECUR_HOST_RESULTS: resultsFile,
    ...(grep === undefined ? {} : { RECUR_HOST_GREP: grep }),
  };
}

/**
 * Runs bundled suites inside the extension host and prints what Mocha reports.
 * @param {SuiteOptions} options
 * @returns {Promise<HostResults>}
 * @throws {Error} where the editor cannot be had or the run does not end in time; a failed test does not throw
 */
export async function runSuites(options) {
  const host = await ensureHostServer();
  return closingAll(async (later) => {
    const { folder: scratch, remove } = await temporaryFolder('host');
    later(remove);
    const { page, close } = await openBrowser();
    later(close);
    const driver = await startPageDriver(page, { screenshotFolder, print: (line) => console.log(line) });
    later(driver.stop);
    const resultsFile = path.join(scratch, 'results.json');
    const dataFolder = path.join(scratch, 'server');
    writeServerSettings(dataFolder, { ...quietSettings, ...options.settings });
    linkOtherCompleter(dataFolder);
    const server = await startServer(host, {
      dataFolder,
      testDriver: true,
      workspaceTrust: options.workspaceTrust === true,
      environment: hostEnvironment(options, driver, resultsFile),
    });
    later(server.stop);
    const watched = await watchHost(page);
    await page.goto(server.address({ folder: options.workspaceFolder, payload: testPayload(server.port, options) }));
    const problem = await waitForTheEnd(options, server, watched.ended);
    const results = readResults(resultsFile);
    if (results === undefined) throw await describeFailure(page, problem, watched.console, server.log());
    return results;
  });
}

/**
 * @param {SuiteOptions} options @param {import('./host/server.mjs').RunningServer} server @param {Promise<number>} ended
 * @returns {Promise<string>} how the run ended, for the case that there are no results
 */
function waitForTheEnd({ timeoutMs = 2_700_000 }, server, ended) {
  return Promise.race([
    ended.then(() => 'VS Code ended the run without results.'),
    server.ended.then(() => 'The VS Code server ended in the middle of the run.'),
    sleep(timeoutMs, `The suites did not end within ${timeoutMs / 1000} s.`, { ref: false }),
  ]);
}

/**
 * @typedef {object} EditorOptions
 * @property {string} workspaceFolder
 * @property {string} vsix installed into a clean profile
 * @property {Record<string, unknown>} [settings] user and machine settings
 * @property {boolean} [workspaceTrust] true: folders are not trusted until the user says so
 * @property {NodeJS.ProcessEnv} [environment] added to the environment of the extension host
 * @property {string} [dataFolder] empty; kept by the caller when the editor has stopped; default: one that is gone then
 * @property {string} [traces] an empty folder: all that the editor's server starts runs under a tracer that writes there
 *
 * @typedef {object} Editor
 * @property {Page} page
 * @property {string} dataFolder what the server writes: settings, extensions, storage, logs
 * @property {(name: string) => Promise<string>} screenshot into test-results/screenshots
 * @property {() => string} serverLog
 * @property {() => Promise<void>} stop
 */

/**
 * Opens an ordinary editor window with Recur from a VSIX, in a clean profile. The caller stops it.
 * @param {EditorOptions} options
 * @returns {Promise<Editor>}
 * @throws {Error} where the editor cannot be had
 */
export async function openEditor(options) {
  const host = await ensureHostServer();
  const closers = closerStack();
  try {
    const { dataFolder = await ownFolder(closers.later) } = options;
    await installVsix(host, dataFolder, options.vsix);
    writeServerSettings(dataFolder, { ...quietSettings, ...options.settings });
    const server = await startServer(host, {
      dataFolder,
      workspaceTrust: options.workspaceTrust === true,
      environment: options.environment ?? {},
      ...(options.traces === undefined ? {} : { traces: options.traces }),
    });
    closers.later(server.stop);
    const { page, close } = await openBrowser();
    closers.later(close);
    await page.goto(server.address({ folder: options.workspaceFolder }));
    await waitForWorkbench(page);
    const screenshot = (/** @type {string} */ name) => takeScreenshot(page, screenshotFolder, name);
    return { page, dataFolder, screenshot, serverLog: server.log, stop: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** @param {(closer: import('./host/cleanup.mjs').Closer) => void} later */
async function ownFolder(later) {
  const { folder, remove } = await temporaryFolder('editor');
  later(remove);
  return folder;
}

/**
 * Uninstalls an extension from a profile whose editor has stopped.
 * @param {string} dataFolder
 * @param {string} id
 */
export async function uninstall(dataFolder, id) {
  return uninstallExtension(await ensureHostServer(), dataFolder, id);
}

/** Installs everything that runSuites and openEditor need. */
export async function installHost() {
  await ensureRequirements(browserRequirements);
  return ensureHostServer();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await installHost();
    console.log('host: ready');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
