import { basename } from 'node:path';
import * as v from 'valibot';
import {
  DidChangeWatchedFilesNotification,
  type Connection,
  type InitializeParams,
  type WorkspaceFolder as ClientFolder,
} from 'vscode-languageserver/node';
import { isInSkippedFolder } from '../corpus/pathRules';
import { createChangedPaths } from '../editors/changedPaths';
import { pathInWorkspace } from '../editors/editorDocumentPath';
import type { WorkspaceFolder } from '../text/document';
import { namedBy } from './documentUris';

/** What changes in the workspace. */
export interface WorkspaceEvents {
  foldersChanged(): void;
  /** Paths as in the corpus; null: too many to name. */
  filesChanged(paths: readonly string[] | null): void;
  /** Which files git ignores may have changed. */
  ignoreRulesChanged(): void;
}

/** The folders that the client has open, kept as it tells. */
export interface ClientWorkspace {
  readonly folders: readonly WorkspaceFolder[];
  dispose(): void;
}

/** @param initialized resolves when the client may be asked */
export function followWorkspace(
  connection: Connection,
  params: InitializeParams,
  initialized: Promise<void>,
  events: WorkspaceEvents,
): ClientWorkspace {
  let folders = foldersOf(params);
  const changed = createChangedPaths((paths) => events.filesChanged(paths));

  function note(uri: string): void {
    const { scheme, file } = namedBy(uri);
    const place = pathInWorkspace(file, folders);
    if (scheme !== 'file' || place.folder === undefined || isInSkippedFolder(place.relative)) return;
    changed.add(place.inCorpus);
    if (basename(file) === '.gitignore') events.ignoreRulesChanged();
  }

  const { workspace } = params.capabilities;
  void initialized.then(() => {
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    }
    if (workspace?.workspaceFolders !== true) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.flatMap(folderOf).map(({ directory }) => directory));
      folders = [...folders.filter(({ directory }) => !gone.has(directory)), ...added.flatMap(folderOf)];
      events.foldersChanged();
    });
  });
  connection.onDidChangeWatchedFiles(({ changes }) => changes.forEach(({ uri }) => note(uri)));

  return {
    get folders() {
      return folders;
    },
    dispose: () => changed.dispose(),
  };
}

/** How clients without folders name their root, by URI or by path. */
const rootSchema = v.object({ rootUri: v.nullish(v.string()), rootPath: v.nullish(v.string()) });

function foldersOf(params: InitializeParams): WorkspaceFolder[] {
  if (params.workspaceFolders) return params.workspaceFolders.flatMap(folderOf);
  const { rootUri, rootPath } = v.parse(rootSchema, params);
  if (rootUri) return folderOf({ uri: rootUri, name: '' });
  return rootPath ? [{ directory: rootPath, name: basename(rootPath) }] : [];
}

/** None where it does not lie on this machine's disk. */
function folderOf({ uri, name }: ClientFolder): WorkspaceFolder[] {
  const { scheme, file } = namedBy(uri);
  const directory = file.replace(/(?<=.)[/\\]$/, '');
  return scheme === 'file' ? [{ directory, name: name === '' || name === file ? basename(file) : name }] : [];
}
