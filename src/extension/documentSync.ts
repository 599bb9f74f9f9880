import * as vscode from 'vscode';
import { describeError } from '../core/errors';
import { corpusPath, isEditedScheme, pathInWorkspace } from './documentPath';
import { editsOf } from './documentEdits';
import { workspaceFolders } from './editorSettings';
import type { Engine, EngineHost } from './engineHost';
import type { FileRules } from './fileRules';

/** The engine's copies of the documents that completions are asked in. */
export interface DocumentSync {
  /** The engine, knowing this document as it is now; undefined where nothing may be completed in it. */
  engineFor(document: vscode.TextDocument): Promise<Engine | undefined>;
  /** Sends the whole text again: the engine has lost track. */
  resend(document: vscode.TextDocument, engine: Engine): void;
  /** Takes every document back; those that may still be completed in are sent again when they are next needed. */
  closeAll(): void;
  dispose(): void;
}

export interface DocumentSyncOptions {
  readonly engines: EngineHost;
  readonly rules: FileRules;
  readonly log: vscode.LogOutputChannel;
  /** Longer documents are left alone, in UTF-16 units. */
  readonly maxLength: () => number;
}

/** Keeps the engine's copies as the editor's, edit by edit. A text leaves the extension host only in here. */
export function createDocumentSync({ engines, rules, log, maxLength }: DocumentSyncOptions): DocumentSync {
  /** Version that the engine has, by URI. */
  const sent = new Map<string, number>();

  async function isLeftOut(document: vscode.TextDocument): Promise<boolean> {
    if (!isEditedScheme(document.uri.scheme)) return true;
    const place = pathInWorkspace(document.uri.fsPath, workspaceFolders());
    return document.uri.scheme !== 'untitled' && (await rules.leftOut(document.uri.fsPath, place));
  }

  function send(document: vscode.TextDocument, engine: Engine): void {
    const folders = workspaceFolders();
    const uri = document.uri.toString();
    const place = pathInWorkspace(document.uri.fsPath, folders);
    const path = corpusPath(place, folders);
    const isFile = document.uri.scheme === 'file' && place.folder !== undefined;
    const remembered = isFile ? 'as file' : 'beside files';
    sent.set(uri, document.version);
    const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
    const cursor = editor === undefined ? {} : { cursor: document.offsetAt(editor.selection.active) };
    const text = document.getText();
    quietly(engine.openDocument({ uri, path, version: document.version, text, remembered, ...cursor }));
  }

  function change({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const fromVersion = sent.get(uri);
    if (fromVersion === undefined || fromVersion === document.version) return;
    const engine = engines.started();
    sent.set(uri, document.version);
    const fits = engine.changeDocument({ uri, fromVersion, version: document.version, edits: editsOf(contentChanges) });
    quietly(fits.then((known) => (known || document.isClosed ? undefined : send(document, engine))));
  }

  /** Where the cursor is after a change the engine can but guess: the closing bracket that came with a key lies behind it. */
  function moved({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    const { document } = textEditor;
    const uri = document.uri.toString();
    const [selection, ...others] = selections;
    if (selection === undefined || others.length > 0 || sent.get(uri) !== document.version) return;
    // The same document may be open beside it, where nobody writes.
    if (textEditor !== vscode.window.activeTextEditor) return;
    quietly(engines.started().moveCursor(uri, document.version, document.offsetAt(selection.active)));
  }

  function saved(uri: string): void {
    if (sent.has(uri)) quietly(engines.started().documentSaved(uri));
  }

  function close(uri: string): void {
    if (sent.delete(uri)) quietly(engines.started().closeDocument(uri));
  }

  /** An engine that ends answers nothing; the next one is sent everything anew. */
  function quietly(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => log.debug(`A document could not be sent: ${describeError(error)}`));
  }

  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument(change),
    vscode.window.onDidChangeTextEditorSelection(moved),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => saved(uri.toString())),
    vscode.workspace.onDidCloseTextDocument((document) => close(document.uri.toString())),
    engines.restarted.listen(() => sent.clear()),
  ];

  return {
    async engineFor(document) {
      const uri = document.uri.toString();
      if (await isLeftOut(document)) {
        close(uri);
        return undefined;
      }
      const engine = await engines.ready();
      if (engine === undefined || document.isClosed) return undefined;
      if (!sent.has(uri) && document.getText().length > maxLength()) return undefined;
      if (!sent.has(uri)) send(document, engine);
      return engine;
    },
    resend: send,
    closeAll() {
      for (const uri of [...sent.keys()]) close(uri);
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
