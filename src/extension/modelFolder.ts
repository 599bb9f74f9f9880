import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../core/errors';
import { listIdentifiers, paths, readCurrent, readManifest } from '../protocol/modelDirectory';
import { readHistory } from '../protocol/history';
import type { Measurement } from '../protocol/files';
import { readSetting } from './settings';
import { settingReader } from './editorSettings';

/**
 * Where the models of this window lie: the folder that the user named, or else the workspace's storage.
 * @returns undefined where no folder is open and none is named
 * @throws UserError where the setting is no absolute path
 */
export function modelDirectory(context: vscode.ExtensionContext): string | undefined {
  const named = readSetting(settingReader(), 'modelDirectory').trim();
  if (named === '') return context.storageUri?.fsPath;
  if (isAbsolute(named)) return named;
  throw new UserError(`The setting recur.modelDirectory is "${named}".`, 'It must be an absolute path.');
}

/** The id of the model in use in a folder, which may also be an export itself; undefined where there is none. */
export async function currentModel(directory: string): Promise<string | undefined> {
  return (await readCurrent(directory)) ?? (await readManifest(directory))?.id;
}

/** Measurements of the newest run; none where nothing was trained. */
export async function newestHistory(directory: string): Promise<Measurement[]> {
  const run = (await listIdentifiers(paths.runs(directory))).at(-1);
  return run === undefined ? [] : readHistory(paths.history(paths.run(directory, run)));
}

/** Tells when another model is put into use, also by the command line. */
export function watchCurrentModel(directory: string, changed: () => void): vscode.Disposable {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(directory), 'current.json');
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  watcher.onDidChange(changed);
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  return watcher;
}
