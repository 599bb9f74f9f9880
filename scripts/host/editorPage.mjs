/** The page of the editor, shown in Chromium. */
import { chromium } from 'playwright-core';
import { atExit } from './cleanup.mjs';
import { browserRequirements, ensureRequirements, findChromium } from './requirements.mjs';

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Every page sees the same window, so that screenshots of two runs can be laid side by side. */
const viewport = { width: 1280, height: 800 };

/**
 * Opens Chromium with an empty page and no profile.
 * @returns {Promise<{ page: import('playwright-core').Page, close: () => Promise<void> }>}
 * @throws {Error} one sentence, where there is no Chromium
 */
export async function openBrowser() {
  await ensureRequirements(browserRequirements);
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium.');
  const browser = await chromium.launch({ executablePath, args: chromiumFlags, handleSIGINT: false });
  const forget = atExit(() => browser.close());
  const page = await browser.newPage({ viewport, colorScheme: 'dark' });
  return {
    page,
    close: async () => {
      await browser.close();
      forget();
    },
  };
}

/**
 * Runs a command through the command palette.
 * @param {import('playwright-core').Page} page
 * @param {string} title the command as the palette shows it, for example 'Recur: Show log'
 */
export async function runCommand(page, title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor({ state: 'visible' });
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

/** @param {import('playwright-core').Page} page waits until the editor can be used */
export async function waitForWorkbench(page) {
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ state: 'visible', timeout: 120_000 });
}

/** @param {import('playwright-core').Frame} frame whether the editor shows the webview that this frame belongs to */
async function isShown(frame) {
  try {
    const outer = frame.parentFrame() ?? frame;
    return await (await outer.frameElement()).isVisible();
  } catch {
    return false; // gone meanwhile
  }
}

/**
 * The document of the webview that is shown; VS Code puts two frames around it and keeps hidden webviews in the page.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<import('playwright-core').Frame | undefined>}
 */
export async function visibleWebview(page) {
  const frames = page.frames().filter((frame) => /\/fake\.html(\?|$)/.test(frame.url()));
  const shown = await Promise.all(frames.map(isShown));
  return frames.filter((_, index) => shown[index]).at(-1);
}
