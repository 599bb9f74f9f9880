import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { settingReader } from '../editor/editorSettings';
import { readSetting } from '../../editors/settings';

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
  vscode.window.setStatusBarMessage(
    enabled ? l10n.t('Recur: inline completions are on.') : l10n.t('Recur: inline completions are off.'),
    3_000,
  );
}
