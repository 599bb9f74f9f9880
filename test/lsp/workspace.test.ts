import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { Connection, InitializeParams, WorkspaceFoldersChangeEvent } from 'vscode-languageserver/node';
import { followWorkspace } from '../../src/lsp/workspace';
import { uriOf } from './languageClient';

/** A workspace of a client that has opened one folder, and what it says when its folders change. */
async function openWorkspace(uri: string) {
  let change: (event: WorkspaceFoldersChangeEvent) => void = () => expect.unreachable();
  const connection = {
    workspace: { onDidChangeWorkspaceFolders: (handler: typeof change) => void (change = handler) },
    onDidChangeWatchedFiles: () => undefined,
  } as unknown as Connection;
  const params = {
    capabilities: { workspace: { workspaceFolders: true } },
    workspaceFolders: [{ uri, name: '' }],
  } as unknown as InitializeParams;
  const initialized = Promise.resolve();
  const nothing = () => undefined;
  const events = { foldersChanged: nothing, filesChanged: nothing, ignoreRulesChanged: nothing };
  const workspace = followWorkspace(connection, params, initialized, events);
  await initialized;
  const directories = () => workspace.folders.map(({ directory }) => directory);
  return { directories, change: (event: WorkspaceFoldersChangeEvent) => change(event) };
}

const [app, application] = [resolve('/code/app'), resolve('/code/application')];

it.each([
  ['', ''],
  ['/', '/'],
  ['/', ''],
  ['', '/'],
])("a folder opened with '%s' at the end of its URI is gone when it is removed with '%s'", async (opened, removed) => {
  const { directories, change } = await openWorkspace(uriOf(app) + opened);
  change({ added: [{ uri: uriOf(application), name: '' }], removed: [] });
  expect(directories()).toEqual([app, application]);
  change({ added: [], removed: [{ uri: uriOf(app) + removed, name: '' }] });
  expect(directories()).toEqual([application]);
});
