import * as vscode from 'vscode';
import { describeSwitches } from '../../editors/completionPolicy';
import { readSetting } from '../../editors/settings';
import { completionSwitches } from '../editor/completionSwitches';
import { settingReader } from '../editor/editorSettings';

/** Turns completions on or off, in the scope where they are set now, or else for the user; languages keep their own values. */
export async function toggleCompletions(): Promise<void> {
  const key = 'completions.enabled';
  const configuration = vscode.workspace.getConfiguration('recur');
  const found = configuration.inspect<boolean>(key);
  const target =
    found?.workspaceFolderValue !== undefined || found?.workspaceValue !== undefined
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
  await configuration.update(key, !readSetting(settingReader(), key), target);
  vscode.window.setStatusBarMessage(`Recur: ${describeSwitches(completionSwitches())}`, 5_000);
}
