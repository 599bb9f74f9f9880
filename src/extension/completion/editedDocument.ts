import * as vscode from 'vscode';
import type { EditedDocument } from '../../editors/documentCopies';

/** A document of this window for what all editors share; it follows the document. */
export function editedDocument(document: vscode.TextDocument): EditedDocument {
  return {
    uri: document.uri.toString(),
    scheme: document.uri.scheme,
    file: document.uri.fsPath,
    get version() {
      return document.version;
    },
    get isClosed() {
      return document.isClosed;
    },
    text: () => document.getText(),
    cursor() {
      const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
      return editor === undefined ? undefined : document.offsetAt(editor.selection.active);
    },
  };
}
