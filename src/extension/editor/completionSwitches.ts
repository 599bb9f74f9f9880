import * as vscode from 'vscode';
import { switchesIn, type CompletionSwitches } from '../../editors/completionPolicy';
import { readSetting } from '../../editors/settings';
import { settingReader } from './editorSettings';

/** Whether completions are on in the window, and where the user is; a value of the wrong type is told where it matters. */
export function completionSwitches(): CompletionSwitches {
  try {
    const enabled = readSetting(settingReader(), 'completions.enabled');
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) return { enabled };
    const reader = settingReader(document);
    return switchesIn(document.languageId, enabled, {
      enabled: readSetting(reader, 'completions.enabled'),
      languages: readSetting(reader, 'completions.languages'),
    });
  } catch {
    return { enabled: false };
  }
}
