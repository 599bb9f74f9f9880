import type * as vscode from 'vscode';
import type { TextEdit } from '../../text/textEdit';

/** The edits of one change, each in the text before all of them, as the editor orders them: the last place first. */
export function editsOf(changes: readonly vscode.TextDocumentContentChangeEvent[]): TextEdit[] {
  return changes.map(({ rangeOffset, rangeLength, text }) => ({ offset: rangeOffset, length: rangeLength, text }));
}
