import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import { isInSkippedFolder } from '../../corpus/pathRules';
import { createChangedPaths } from '../../editors/changedPaths';
import { pathInWorkspace } from '../../editors/editorDocumentPath';
import { workspaceFolders } from '../editor/editorSettings';
import type { EngineHost } from '../../editors/engineHost';

/** Tells the engine which files of the workspace were changed, created or deleted, by whatever program. */
export function watchFiles(engines: EngineHost, log: vscode.LogOutputChannel): vscode.Disposable {
  const changed = createChangedPaths((paths) => {
    if (engines.status.answers === null) return;
    const told = engines.started().filesChanged(paths);
    told.catch((error: unknown) => log.debug(`Changed files could not be told: ${describeError(error)}`));
  });
  const watcher = vscode.workspace.createFileSystemWatcher('**/*');
  const note = ({ fsPath }: vscode.Uri): void => {
    const folders = workspaceFolders();
    const place = pathInWorkspace(fsPath, folders);
    if (place.folder !== undefined && !isInSkippedFolder(place.relative)) changed.add(place.inCorpus);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(note),
    watcher.onDidCreate(note),
    watcher.onDidDelete(note),
    changed,
  );
}
