import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { panelPage } from '../../src/extension/panel/panelPage';
import type { FromPanel, ToPanel } from '../../src/protocol/panel';

declare global {
  interface Window {
    /** What the panel has sent. */
    sentMessages: FromPanel[];
    /** Directives of the content security policy that something on the page went against. */
    violations: string[];
  }
}

/** Dark, light and high-contrast colours, as VS Code's default themes set them on the root of a webview. */
export const themes = {
  dark: {
    'editor-background': '#1f1f1f',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'panel-border': '#2b2b2b',
    'editorWidget-border': '#313131',
    'charts-blue': '#3794ff',
    'charts-yellow': '#cca700',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    errorForeground: '#f85149',
    focusBorder: '#0078d4',
  },
  light: {
    'editor-background': '#ffffff',
    foreground: '#3b3b3b',
    descriptionForeground: '#6b6b6b',
    'panel-border': '#e5e5e5',
    'editorWidget-border': '#e5e5e5',
    'charts-blue': '#1a85ff',
    'charts-yellow': '#bf8803',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    errorForeground: '#c72e0f',
    focusBorder: '#005fb8',
  },
  'high-contrast': {
    'editor-background': '#000000',
    foreground: '#ffffff',
    descriptionForeground: 'rgba(255, 255, 255, 0.7)',
    contrastBorder: '#6fc3df',
    'panel-border': '#6fc3df',
    'editorWidget-border': '#6fc3df',
    'charts-blue': '#3794ff',
    'charts-yellow': '#cca700',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'badge-background': '#000000',
    'badge-foreground': '#ffffff',
    errorForeground: '#f48771',
    focusBorder: '#f38518',
  },
} as const;
export type ThemeName = keyof typeof themes;

/** The panel as the webview gets it, in a folder of its own. */
export interface PanelSite {
  readonly url: string;
  /** The same in Chinese. */
  readonly chineseUrl: string;
  dispose(): Promise<void>;
}

/** Bundles the panel as it is shipped, with the page that the extension makes for it. */
export async function createPanelSite(): Promise<PanelSite> {
  const directory = await mkdtemp(join(tmpdir(), 'recur-panel-'));
  await build({
    entryPoints: ['src/panel/main.ts'],
    outfile: join(directory, 'panel.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
  });
  const parts = { script: 'panel.js', style: 'panel.css', cspSource: 'file:', nonce: 'testnonce' };
  const translations = JSON.parse(await readFile('l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<string, string>;
  const [english, chinese] = [join(directory, 'index.html'), join(directory, 'chinese.html')];
  await writeFile(english, panelPage({ ...parts, language: 'en', translations: undefined }));
  await writeFile(chinese, panelPage({ ...parts, language: 'zh-cn', translations }));
  return {
    url: pathToFileURL(english).href,
    chineseUrl: pathToFileURL(chinese).href,
    dispose: () => rm(directory, { recursive: true }),
  };
}

/** Opens the panel as the editor does: its API stands ready before the script runs, and the theme is set. */
export async function openPanel(page: Page, url: string, theme: ThemeName): Promise<void> {
  await page.addInitScript(() => {
    window.sentMessages = [];
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
    // The editor keeps the state when it destroys the page; here the window's name outlives it.
    const api = {
      postMessage: (message: FromPanel) => window.sentMessages.push(message),
      getState: (): unknown => (window.name === '' ? undefined : JSON.parse(window.name)),
      setState: (state: unknown) => (window.name = JSON.stringify(state)),
    };
    Object.assign(window, { acquireVsCodeApi: () => api });
  });
  await page.goto(url);
  await setTheme(page, theme);
}

export async function setTheme(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(
    ([name, colours]) => {
      for (const [key, colour] of Object.entries(colours)) {
        document.documentElement.style.setProperty(`--vscode-${key}`, colour);
      }
      document.body.className = `vscode-${name}`;
    },
    [theme, themes[theme]] as const,
  );
}

/** Sends a message as the extension would. */
export async function tellPanel(page: Page, message: unknown): Promise<void> {
  await page.evaluate(async (data) => {
    window.postMessage(data, '*');
    await new Promise((resolve) => setTimeout(resolve, 60));
  }, message);
}

/** A message of ours, held to its type. */
export function message(told: ToPanel): ToPanel {
  return told;
}
