import type { EditedDocument } from '../../src/editors/documentCopies';
import type { TextEdit } from '../../src/text/textEdit';

/** A document as an editor has it open, without an editor. */
export interface OpenDocument extends EditedDocument {
  /** Replaces a range by a text. @returns the edit */
  edit(offset: number, length: number, text: string): TextEdit;
}

/** @param file absolute path */
export function openDocument(file: string, content: string): OpenDocument {
  let [text, version, cursor] = [content, 1, content.length];
  return {
    ...{ uri: `file://${file}`, scheme: 'file', file, isClosed: false },
    get version() {
      return version;
    },
    text: () => text,
    cursor: () => cursor,
    edit(offset, length, inserted) {
      text = text.slice(0, offset) + inserted + text.slice(offset + length);
      cursor = offset + inserted.length;
      version++;
      return { offset, length, text: inserted };
    },
  };
}
