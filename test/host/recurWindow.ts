/** Recur as a user of an ordinary window sees it, for suites that drive the page from outside. */
import type { Test } from 'mocha';
import type { Frame, Page } from 'playwright-core';
import { runCommand, visibleWebview } from '../../scripts/host/editorPage.mjs';
import type { Editor } from '../../scripts/hostServer.mjs';
import { until } from './waiting';

/** The package under test. */
export function vsix(): string {
  const file = process.env.RECUR_WINDOW_VSIX;
  if (file === undefined) throw new Error('RECUR_WINDOW_VSIX names no package: run npm run test:host.');
  return file;
}

/** A network that learns enough within tens of seconds, also on a slow machine. */
export const quickSettings = {
  'recur.training.minutes': 1 / 3,
  'recur.training.hidden': 128,
  'recur.training.embedding': 32,
  'recur.training.sequence': 32,
  'recur.training.learningRate': 0.01,
  'typescript.validate.enable': false,
  'window.title': '${activeEditorShort}${separator}${rootName}',
};

/** Leaves a picture of the window as a failed test has left it. */
export async function showFailure(test: Test | undefined, editor: Editor): Promise<void> {
  if (test?.state !== 'failed') return;
  await editor.screenshot(`failed-${test.fullTitle().replaceAll(/\W+/g, '-').slice(0, 100)}`);
}

/** Finds what Recur has in the status bar. */
export const statusBarItem = '.statusbar-item[id="recur.recur.recur.status"]';

export async function statusBarText(page: Page): Promise<string> {
  return (await page.locator(statusBarItem).allTextContents()).join('').trim();
}

/** Waits until Recur is active: the command palette lists what was registered when it was opened. */
export function waitForRecur(page: Page): Promise<boolean> {
  return until('Recur stands in the status bar', async () => (await statusBarText(page)).includes('Recur'));
}

/** Waits until the status bar has the perplexity of a model in use. */
export function waitForModel(page: Page): Promise<string> {
  return until('a model is in use', async () => {
    const text = await statusBarText(page);
    return /Recur \d+(\.\d+)?$/.test(text) && text;
  });
}

/** Runs a training by its command and waits for its end. */
export async function trainBy(page: Page, title: string): Promise<void> {
  await runCommand(page, title);
  await until('training has begun', async () => (await statusBarText(page)).includes('left'));
  await waitForModel(page);
  await runCommand(page, 'Notifications: Clear All Notifications');
}

/** The ghost text that is shown; the editor draws spaces as no-break spaces. */
export async function ghostText(page: Page): Promise<string> {
  const parts = await page.locator('.view-lines .ghost-text-decoration').allTextContents();
  return parts.join('').replaceAll('\u00a0', ' ');
}

/** Opens a file with the cursor at a place. @param file relative to the workspace @param line from 0 */
export async function openAt(page: Page, file: string, line: number, character: number): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor({ state: 'visible' });
  await input.fill(`${file}:${line + 1}:${character + 1}`);
  const name = file.split('/').at(-1)!;
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
  await page.locator('.editor-instance .view-lines .view-line').first().waitFor();
}

/** The panel, once it shows numbers. */
export function panel(page: Page): Promise<Frame> {
  return until('the panel shows numbers', async () => {
    const frame = await visibleWebview(page);
    return frame !== undefined && (await frame.locator('.figures dd').count()) > 0 && frame;
  });
}

/** The numbers of the run that the panel shows, in its order. */
export async function figures(page: Page): Promise<string[]> {
  const all = await (await panel(page)).locator('.figures dd').allTextContents();
  return all.slice(0, figuresOfRun);
}

/** What became of completions stands behind them, and is told some seconds late. */
const figuresOfRun = 6;
