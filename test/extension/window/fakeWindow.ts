import type * as vscode from 'vscode';
import { emitters, EndOfLine, Position, settings, window, workspace } from './vscode';

/** A document of the fake window, written in as a user would. */
export interface FakeDocument {
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  /** Edits of one change, each in the text before all of them, the last place first. */
  readonly write: (...edits: readonly (readonly [offset: number, length: number, text: string])[]) => void;
  /** Puts the cursor somewhere, as a click does. */
  readonly moveTo: (offset: number) => void;
  readonly close: () => void;
  /** Gives it another language: the editor tells that it is closed and opened. */
  readonly changeLanguage: () => void;
}

const folder = '/work/project';

/** One folder is open, no editor. */
export function resetWindow(): void {
  workspace.workspaceFolders = [{ uri: { scheme: 'file', fsPath: folder }, name: 'project' }];
  window.visibleTextEditors = [];
  window.activeTextEditor = undefined;
  workspace.textDocuments = [];
  settings.clear();
}

/** Changes a setting, as the user does. */
export function setSetting(key: string, value: unknown): void {
  settings.set(key, value);
  emitters.configured.fire({ affectsConfiguration: (section: string) => key.startsWith(section) });
}

/** Opens a document in an editor of its own, its cursor at the end. */
export function openFake(path: string, content: string, scheme = 'file', languageId = 'typescript'): FakeDocument {
  const fsPath = `${folder}/${path}`;
  const uri = { scheme, fsPath, toString: () => `${scheme}://${fsPath}` };
  const state = { text: content, version: 1, isClosed: false };
  const document = {
    uri,
    languageId,
    eol: EndOfLine.LF,
    getText: (range?: vscode.Range) =>
      range === undefined ? state.text : state.text.slice(document.offsetAt(range.start), document.offsetAt(range.end)),
    lineAt: (line: number) => ({ text: state.text.split('\n')[line] }),
    offsetAt: ({ line, character }: vscode.Position) =>
      state.text
        .split('\n')
        .slice(0, line)
        .reduce((sum, { length }) => sum + length + 1, character),
    positionAt: (offset: number) => {
      const lines = state.text.slice(0, offset).split('\n');
      return new Position(lines.length - 1, lines.at(-1)!.length);
    },
    get version() {
      return state.version;
    },
    get isClosed() {
      return state.isClosed;
    },
  } as unknown as vscode.TextDocument;
  const selections = [{ active: document.positionAt(content.length), isEmpty: true }];
  const editor = { document, selection: selections[0], selections, visibleRanges: [] } as unknown as vscode.TextEditor;
  workspace.textDocuments.push(document);
  emitters.opened.fire(document);
  window.visibleTextEditors.push(editor);
  window.activeTextEditor = editor;
  return {
    document,
    editor,
    write(...edits) {
      for (const [offset, length, text] of edits) {
        state.text = state.text.slice(0, offset) + text + state.text.slice(offset + length);
      }
      state.version++;
      const contentChanges = edits.map(([rangeOffset, rangeLength, text]) => ({ rangeOffset, rangeLength, text }));
      emitters.changed.fire({ document, contentChanges });
    },
    moveTo: (offset) =>
      emitters.moved.fire({ textEditor: editor, selections: [{ active: document.positionAt(offset), isEmpty: true }] }),
    changeLanguage() {
      emitters.closed.fire(document);
      emitters.opened.fire(document);
    },
    close() {
      state.isClosed = true;
      workspace.textDocuments = workspace.textDocuments.filter((open) => open !== document);
      emitters.closed.fire(document);
    },
  };
}
