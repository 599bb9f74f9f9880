import * as vscode from 'vscode';
import type { WorkspaceFolder } from '../../text/document';
import type { SettingReader } from '../../editors/settings';

/** Reads settings as they hold in a document (its language may have values of its own), or in the window. */
export function settingReader(document?: vscode.TextDocument): SettingReader {
  const configuration = vscode.workspace.getConfiguration('recur', document);
  return (key) => configuration.get(key);
}

/** The folders of the workspace that lie on this machine's disk. */
export function workspaceFolders(): WorkspaceFolder[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri, name }) => ({ directory: uri.fsPath, name }));
}

/** Globs of what the editor hides from its own file tree. */
export function filesExcludedByEditor(): string[] {
  const globs = vscode.workspace.getConfiguration('files').get<Record<string, unknown>>('exclude') ?? {};
  return Object.keys(globs).filter((glob) => globs[glob] === true);
}
