import * as vscode from 'vscode';
import { createDocumentCopies, type DocumentCopiesOptions } from '../../editors/documentCopies';
import type { Engine } from '../../editors/engineHost';
import { workspaceFolders } from '../editor/editorSettings';
import { editsOf } from './documentEdits';
import { editedDocument } from './editedDocument';

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

/** Keeps the engine's copies as the editor's, edit by edit. */
export function createDocumentSync(options: Omit<DocumentCopiesOptions, 'folders'>): DocumentSync {
  const copies = createDocumentCopies({ ...options, folders: workspaceFolders });

  /** Where the cursor is after a change the engine can but guess: the closing bracket that came with a key lies behind it. */
  function moved({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    const { document } = textEditor;
    const [selection, ...others] = selections;
    if (selection === undefined || others.length > 0) return;
    // The same document may be open beside it, where nobody writes.
    if (textEditor !== vscode.window.activeTextEditor) return;
    copies.moved(editedDocument(document), document.offsetAt(selection.active));
  }

  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      copies.changed(editedDocument(document), editsOf(contentChanges));
    }),
    vscode.window.onDidChangeTextEditorSelection(moved),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => copies.saved(uri.toString())),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => copies.close(uri.toString())),
  ];

  return {
    engineFor: (document) => copies.engineFor(editedDocument(document)),
    resend: (document, engine) => copies.resend(editedDocument(document), engine),
    closeAll: () => copies.closeAll(),
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      copies.dispose();
    },
  };
}
