/**
 * The editor counts UTF-16 units of a text whose lines may end in CRLF; the model counts code points of the same text with
 * LF. These functions stand at the edge between the two.
 */

/** The text as the corpus has it: CRLF becomes LF. A lone CR stays. */
export function toLineFeeds(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/**
 * Code points of {@link toLineFeeds}'s text before an offset of the editor's text. An offset between the two halves of a
 * surrogate pair or of a CRLF counts as the place before them.
 * @param offset UTF-16 units of `text`
 */
export function toCodePointOffset(text: string, offset: number): number {
  let count = 0;
  for (let unit = 0; unit < offset;) {
    unit += unitsAt(text, unit);
    if (unit <= offset) count++;
  }
  return count;
}

/**
 * The offset of the editor's text, in UTF-16 units, before which there are `codePoints` of {@link toLineFeeds}'s text.
 * Past the end: the end.
 */
export function toEditorOffset(text: string, codePoints: number): number {
  let unit = 0;
  for (let count = 0; count < codePoints && unit < text.length; count++) unit += unitsAt(text, unit);
  return unit;
}

/** Offset in UTF-16 units of a 1-based line and column; columns too are UTF-16 units, and end with their line. */
export function offsetOfPosition(text: string, line: number, column: number): number | undefined {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const offset = start + column - 1;
  return column >= 1 && line >= 1 && offset <= lineEnd(text, start) ? offset : undefined;
}

/** Offset of the first character of the line in which `offset` lies. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the last character of the line in which `offset` lies, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** UTF-16 units of the editor's text that are one code point of ours: a CRLF is one. */
export function unitsAt(text: string, unit: number): number {
  if (text[unit] === '\r' && text[unit + 1] === '\n') return 2;
  return text.codePointAt(unit)! > 0xffff ? 2 : 1;
}

/** Whether the units on both sides of an offset are one code point of ours: a surrogate pair or a CRLF. */
export function isInsideCharacter(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const [left, right] = [text.charCodeAt(offset - 1), text.charCodeAt(offset)];
  return (left === 0x0d && right === 0x0a) || (left >= 0xd800 && left < 0xdc00 && right >= 0xdc00 && right < 0xe000);
}
