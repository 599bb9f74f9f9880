import * as vscode from 'vscode';
import { listIdentifiers, paths } from '../../store/modelDirectory';
import { readHistory } from '../../store/history';
import type { Measurement } from '../../store/files';
import { readModelDirectory } from '../../editors/settings';
import { settingReader } from './editorSettings';

/**
 * Where the models of this window lie: the folder that the user named, or else the workspace's storage.
 * @returns undefined where no folder is open and none is named
 * @throws UserError where the setting is no absolute path
 */
export function modelDirectory(context: vscode.ExtensionContext): string | undefined {
  return readModelDirectory(settingReader()) ?? context.storageUri?.fsPath;
}

/** The newest run and its measurements; undefined where nothing was trained. */
export async function newestRun(
  directory: string,
): Promise<{ readonly run: string; readonly measurements: Measurement[] } | undefined> {
  const run = (await listIdentifiers(paths.runs(directory))).at(-1);
  if (run === undefined) return undefined;
  return { run, measurements: await readHistory(paths.history(paths.run(directory, run))) };
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
