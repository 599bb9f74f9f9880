/** Recur as a suite inside the extension host sees it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RecurApi } from '../../src/extension/extension';
import { currentModel } from './modelFiles';
import { findPageDriver, type PageDriver } from './pageDriver';
import { until } from './waiting';

/** A network that learns enough to complete code within tens of seconds, also on a slow machine. */
const quickTraining = {
  'training.hidden': 128,
  'training.embedding': 32,
  'training.sequence': 32,
  'training.learningRate': 0.01,
};

export function extension(): vscode.Extension<RecurApi> {
  const found = vscode.extensions.getExtension<RecurApi>('recur.recur');
  assert.ok(found, 'the extension recur.recur is installed');
  return found;
}

/** What Recur says about itself now. */
export async function status(): Promise<ReturnType<RecurApi['status']>> {
  return (await extension().activate()).status();
}

/** Waits until the statistics of the completions have these counts: the editor tells of an edit when it has been made. */
export async function untilCounted(counts: Readonly<Record<string, number>>): Promise<void> {
  let last: Readonly<Record<string, unknown>> = {};
  await until(`the completions are counted as ${JSON.stringify(counts)}`, async () => {
    last = { ...(await status()).completions };
    return Object.entries(counts).every(([key, count]) => last[key] === count);
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; they are ${JSON.stringify(last)}`);
  });
}

/** Absolute path of a bundle of the extension under test. */
export function bundle(name: string): string {
  return path.join(extension().extensionPath, 'dist', name);
}

export async function modelDirectory(): Promise<string> {
  const { modelDirectory: directory } = await status();
  assert.ok(directory, 'this window has a model directory');
  return directory;
}

export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return folder.uri.fsPath;
}

/** Sets settings of the section `recur` for the workspace; undefined brings the default back. */
export async function setSettings(values: Readonly<Record<string, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('recur');
  for (const [key, value] of Object.entries(values)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Workspace);
  }
}

/** Settings with which a training takes this long. */
export async function trainQuickly(seconds: number): Promise<void> {
  await setSettings({ ...quickTraining, 'training.minutes': seconds / 60 });
}

/** Waits until the model that is named on the disk is the one in use. @returns its id */
export async function modelInUse(): Promise<string> {
  const directory = await modelDirectory();
  return until('the newest model is in use', async () => {
    const { engine, training } = await status();
    return training.phase !== 'training' && engine.id !== null && engine.id === currentModel(directory) && engine.id;
  });
}

/** Trains by a command and expects that it goes well. @returns the id of the model */
export async function trainBy(command: 'recur.train' | 'recur.continueTraining', seconds: number): Promise<string> {
  await trainQuickly(seconds);
  await vscode.commands.executeCommand(command);
  const { training } = await status();
  assert.equal(training.phase, 'done', training.message);
  return modelInUse();
}

/** Trains, unless that was done in this window. */
export async function ensureModel(): Promise<string> {
  const { engine } = await status();
  return engine.id !== null && !engine.isBase ? engine.id : trainBy('recur.train', 20);
}

/**
 * Has the model that comes with Recur answer in a suite, whatever was trained before: how much a training of seconds learns
 * depends on the machine and on what else it does.
 */
export function useBaseModel(): void {
  let folder: string;
  const use = (directory: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('recur').update('modelDirectory', directory, vscode.ConfigurationTarget.Global);

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'recur-untrained-'));
    await use(folder);
    await until('the base model is in use', async () => {
      const { engine, modelDirectory: directory } = await status();
      return directory === folder && engine.isBase;
    });
  });

  after(async () => {
    await use(undefined);
    await until('the model of the workspace is in use again, where there is one', async () => {
      const { engine, modelDirectory: directory } = await status();
      return directory !== undefined && directory !== folder && (currentModel(directory) ?? engine.id) === engine.id;
    });
    rmSync(folder, { recursive: true });
  });
}

/** For pictures: no name of this editor's build, no complaint about a line that is not written to its end. */
const tidyWindow = {
  'window.title': '${activeEditorShort}${separator}${rootName}',
  'typescript.validate.enable': false,
};

/** A window as it is when nothing has happened: no editor, no notice, the dark theme. */
export async function clearWindow(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await vscode.commands.executeCommand('notifications.clearAll');
  const configuration = vscode.workspace.getConfiguration();
  for (const [key, value] of Object.entries(tidyWindow)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Workspace);
  }
  await setTheme('vs-dark');
}

/** The notices that were shown and not closed. The editor under a test driver shows them in its list only. */
export async function notices(page: PageDriver): Promise<string[]> {
  await vscode.commands.executeCommand('notifications.showList');
  const texts = await page.texts({ selector: '.notification-list-item-message' });
  await vscode.commands.executeCommand('notifications.hideList');
  return texts;
}

/** Waits for notices about a matter. */
export function waitForNotices(page: PageDriver, about: RegExp): Promise<string[]> {
  return until(`there is a notice that matches ${about}`, async () => {
    const texts = (await notices(page)).filter((text) => about.test(text));
    return texts.length > 0 && texts;
  });
}

interface ThemeManifest {
  readonly contributes: { readonly themes: readonly { readonly id: string; readonly uiTheme: string }[] };
}

/** Puts the editor into its own default theme of a kind, whatever this version calls it. */
export async function setTheme(kind: 'vs' | 'vs-dark'): Promise<void> {
  const manifest = vscode.extensions.getExtension('vscode.theme-defaults')?.packageJSON as ThemeManifest | undefined;
  const theme = manifest?.contributes.themes.find(({ uiTheme }) => uiTheme === kind);
  assert.ok(theme, `the editor has a theme of the kind ${kind}`);
  const configuration = vscode.workspace.getConfiguration();
  await configuration.update('workbench.colorTheme', theme.id, vscode.ConfigurationTarget.Workspace);
  const isDark = kind === 'vs-dark';
  await until(
    'the theme is in use',
    () => isDark === (vscode.window.activeColorTheme.kind === vscode.ColorThemeKind.Dark),
  );
}

/** The text of Recur in the status bar; empty where there is none. */
export async function statusBarText(): Promise<string> {
  const texts = await findPageDriver()?.texts({ selector: '.statusbar-item[id="recur.recur.recur.status"]' });
  return (texts ?? []).join(' ').trim();
}
