import type { Connection } from 'vscode-languageserver/node';
import { TextDocument, type Position, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { EditedDocument } from '../editors/documentCopies';
import { singleEdit, type TextEdit } from '../text/textEdit';
import { namedBy } from './documentUris';

/** A document that the client has open; it follows what the client says of it. */
export interface OpenTextDocument extends EditedDocument {
  readonly languageId: string;
  readonly lineEnd: '\n' | '\r\n';
  /** In UTF-16 units; a place behind the end of a line or of the text is that end. */
  offsetAt(position: Position): number;
  /** The line of a place, up to it and from it on. */
  lineAround(position: Position): { readonly before: string; readonly after: string };
  textBetween(start: Position, end: Position): string;
}

/** What is done about documents. */
export interface DocumentEvents {
  opened(document: OpenTextDocument): void;
  /** @param edits applied one after the other, each to the text that the one before left */
  changed(document: OpenTextDocument, edits: readonly TextEdit[]): void;
  saved(document: OpenTextDocument): void;
  closed(document: OpenTextDocument): void;
}

/** The client's documents, kept edit by edit. */
export interface OpenDocuments {
  find(uri: string): OpenTextDocument | undefined;
  all(): OpenTextDocument[];
}

export function createOpenDocuments(connection: Connection, events: DocumentEvents): OpenDocuments {
  const documents = new Map<string, { readonly document: OpenTextDocument; readonly content: TextDocument }>();

  function close(uri: string): void {
    const open = documents.get(uri);
    documents.delete(uri);
    if (open !== undefined) events.closed(open.document);
  }

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    close(uri);
    const content = TextDocument.create(uri, languageId, version, text);
    const isClosed = (): boolean => documents.get(uri)?.content !== content;
    const document = viewOf(content, isClosed);
    documents.set(uri, { document, content });
    events.opened(document);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const open = documents.get(uri);
    if (open === undefined) return;
    events.changed(open.document, applyChanges(open.content, contentChanges, version));
  });
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    const open = documents.get(uri);
    if (open !== undefined) events.saved(open.document);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => close(uri));

  return {
    find: (uri) => documents.get(uri)?.document,
    all: () => [...documents.values()].map(({ document }) => document),
  };
}

/** Applies changes, each to what the one before left. @returns the same as edits of the text with line feeds */
export function applyChanges(
  content: TextDocument,
  changes: readonly TextDocumentContentChangeEvent[],
  version: number,
): TextEdit[] {
  return changes.flatMap((change) => {
    const before = content.getText();
    const plain = plainEdit(content, change);
    TextDocument.update(content, [withinText(content, change)], version);
    if (plain !== undefined) return [plain];
    const edit = singleEdit(withLineFeeds(before), withLineFeeds(content.getText()));
    return edit === undefined ? [] : [edit];
  });
}

/** The change with places that are there: the library loses count of the lines where one is behind the last of them. */
function withinText(content: TextDocument, change: TextDocumentContentChangeEvent): TextDocumentContentChangeEvent {
  if (!('range' in change)) return change;
  const place = (position: Position): Position => content.positionAt(content.offsetAt(position));
  return { text: change.text, range: { start: place(change.range.start), end: place(change.range.end) } };
}

/** The change as it is; undefined where it is the whole text, or carriage returns stand in it or beside it. */
function plainEdit(content: TextDocument, change: TextDocumentContentChangeEvent): TextEdit | undefined {
  if (!('range' in change) || change.text.includes('\r')) return undefined;
  const [from, to] = [content.offsetAt(change.range.start), content.offsetAt(change.range.end)];
  const offset = Math.min(from, to);
  const end = Math.max(from, to);
  const text = content.getText();
  if (text[offset - 1] === '\r' || text.slice(offset, end).includes('\r') || text[end] === '\r') return undefined;
  return { offset, length: end - offset, text: change.text };
}

/** A lone CR ends a line too; offsets stay. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}

function viewOf(content: TextDocument, isClosed: () => boolean): OpenTextDocument {
  const { uri, languageId } = content;
  return {
    ...{ uri, languageId, ...namedBy(uri) },
    get version() {
      return content.version;
    },
    get isClosed() {
      return isClosed();
    },
    get lineEnd() {
      return content.getText({ start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }).endsWith('\r\n')
        ? '\r\n'
        : '\n';
    },
    text: () => withLineFeeds(content.getText()),
    // The protocol tells of no cursor before something is asked for.
    cursor: () => undefined,
    offsetAt: (position) => content.offsetAt(position),
    lineAround(position) {
      const place = content.positionAt(content.offsetAt(position));
      const [start, end] = [
        { ...place, character: 0 },
        { line: place.line + 1, character: 0 },
      ];
      return {
        before: content.getText({ start, end: place }),
        after: content.getText({ start: place, end }).replace(/[\r\n]+$/, ''),
      };
    },
    textBetween: (start, end) => content.getText({ start, end }),
  };
}
