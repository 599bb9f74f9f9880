import * as vscode from 'vscode';
import { settingReader } from './editorSettings';
import { readSetting } from './settings';

/** Turns completions on or off, in the scope where they are set now, or else for the user. */
export async function toggleCompletions(): Promise<void> {
  const key = 'completions.enabled';
  const configuration = vscode.workspace.getConfiguration('recur');
  const found = configuration.inspect<boolean>(key);
  const target =
    found?.workspaceFolderValue !== undefined || found?.workspaceValue !== undefined
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
  const enabled = !readSetting(settingReader(), key);
  await configuration.update(key, enabled, target);
  vscode.window.setStatusBarMessage(`Recur: inline completions are ${enabled ? 'on' : 'off'}.`, 3_000);
}
