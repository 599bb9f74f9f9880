/** Serves the page of the editor to the suites that run in its extension host: one HTTP request per operation. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, visibleWebview } from './editorPage.mjs';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('playwright-core').Frame} Frame
 * @typedef {import('../../test/host/pageOperations').FrameName} FrameName
 * @typedef {import('../../test/host/pageOperations').PageOperations} Operations
 */
/** @template {keyof Operations} Name @typedef {(input: Operations[Name]['input']) => Promise<Operations[Name]['output']>} Operation */

const waitMs = 30_000;

/** @param {Page} page @param {FrameName} [name] @returns {Promise<Frame>} */
async function frameOf(page, name = 'editor') {
  if (name === 'editor') return page.mainFrame();
  const frame = await visibleWebview(page);
  if (frame === undefined) throw new Error('no webview is visible');
  return frame;
}

/** @param {Frame} frame @param {{ selector: string, text?: string }} target */
function locate(frame, { selector, text }) {
  return frame.locator(selector, text === undefined ? {} : { hasText: text }).first();
}

/**
 * A webview's frame is replaced when its content is set, so that waiting inside one frame could wait for ever.
 * @param {Page} page @param {Operations['waitFor']['input']} target
 */
async function waitForElement(page, { frame, state = 'visible', timeoutMs = waitMs, ...target }) {
  const deadline = Date.now() + timeoutMs;
  let problem = '';
  while (Date.now() < deadline) {
    try {
      const left = Math.min(1000, deadline - Date.now());
      await locate(await frameOf(page, frame), target).waitFor({ state, timeout: Math.max(1, left) });
      return null;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      await sleep(50);
    }
  }
  const what = `${target.selector}${target.text === undefined ? '' : ` with text '${target.text}'`}`;
  throw new Error(`${what} was not ${state} within ${timeoutMs} ms: ${problem.split('\n')[0] ?? ''}`);
}

/**
 * @param {Page} page @param {string} folder @param {string} name
 * @param {import('../../test/host/pageOperations').Rectangle} [clip] default: the whole page
 */
export async function takeScreenshot(page, folder, name, clip) {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
  await page.screenshot({ path: file, ...(clip === undefined ? {} : { clip }) });
  return file;
}

/**
 * @param {Page} page @param {string} screenshotFolder
 * @returns {{ [Name in keyof Operations]: Operation<Name> }}
 */
function operationsOn(page, screenshotFolder) {
  return {
    screenshot: ({ name, clip }) => takeScreenshot(page, screenshotFolder, name, clip),
    texts: async ({ frame, selector }) => (await frameOf(page, frame)).locator(selector).allTextContents(),
    attributes: async ({ frame, selector, name }) => {
      const elements = await (await frameOf(page, frame)).locator(selector).all();
      return Promise.all(elements.map((element) => element.getAttribute(name)));
    },
    waitFor: (target) => waitForElement(page, target),
    press: async ({ key }) => nothing(page.keyboard.press(key)),
    type: async ({ text }) => nothing(page.keyboard.type(text, { delay: 20 })),
    click: async ({ frame, ...target }) =>
      nothing(locate(await frameOf(page, frame), target).click({ timeout: waitMs })),
    evaluate: async ({ frame, expression }) => {
      /** @type {unknown} */
      const value = await (await frameOf(page, frame)).evaluate(expression);
      return value;
    },
    command: async ({ title }) => nothing(runCommand(page, title)),
  };
}

/** @param {Promise<unknown>} promise */
async function nothing(promise) {
  await promise;
  return null;
}

/** @param {import('node:http').IncomingMessage} request @returns {Promise<unknown>} */
async function readBody(request) {
  const parts = /** @type {Buffer[]} */ (await request.toArray());
  /** @type {unknown} */
  const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
  return body;
}

/**
 * @param {Page} page
 * @param {{ screenshotFolder: string, print: (line: string) => void }} options
 * @returns {(route: string, body: unknown) => Promise<unknown>}
 */
function router(page, { screenshotFolder, print }) {
  /** @type {Map<string, (input: never) => Promise<unknown>>} */
  const operations = new Map(Object.entries(operationsOn(page, screenshotFolder)));
  return async (route, body) => {
    if (route === '/print') {
      print(/** @type {{ line: string }} */ (body).line);
      return null;
    }
    const operation = operations.get(route.replace('/page/', ''));
    if (operation === undefined) throw new Error('no such operation');
    return operation(/** @type {never} */ (body));
  };
}

/**
 * Starts the driver on a free port of 127.0.0.1; only who knows the token is answered.
 * @param {Page} page
 * @param {{ screenshotFolder: string, print: (line: string) => void }} options
 */
export async function startPageDriver(page, options) {
  const token = randomBytes(16).toString('hex');
  const answer = router(page, options);
  const server = createServer((request, response) => {
    const authorized = request.headers.authorization === `Bearer ${token}`;
    const work = authorized
      ? readBody(request).then((body) => answer(request.url ?? '', body))
      : Promise.reject(new Error('wrong token'));
    work.then(
      (value) => response.end(JSON.stringify({ value })),
      (/** @type {unknown} */ error) =>
        response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) })),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page driver has no port.');
  return {
    address: `http://127.0.0.1:${address.port}`,
    token,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
