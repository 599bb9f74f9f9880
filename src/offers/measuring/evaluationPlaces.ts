import type { SourceDocument } from '../../text/document';
import type { Random } from '../../core/random';

/** A line whose places count: from behind its leading blanks to behind its last character that is no blank. */
export interface MeasuredLine {
  readonly document: SourceDocument;
  /** UTF-16 units of the document. */
  readonly start: number;
  readonly end: number;
}

/** A place in a line, with something left on it. */
export interface Place {
  readonly document: SourceDocument;
  readonly offset: number;
}

/** Leading comments in the forms of the usual languages, each with the blanks before it. */
const leadingComment = /\s*(?:\/\*[^]*?\*\/|<!--[^]*?-->|(?:[^\S\n]*(?:\/\/|#|--|;|%)[^\n]*(?:\n|$))+)/y;
const licenceWords = /licen[cs]e|copyright|\(c\)|©|SPDX-/i;

/** Where the comments at the start of a text end that speak of a licence; 0 where there are none. */
export function licenceHeaderEnd(text: string): number {
  let end = 0;
  leadingComment.lastIndex = 0;
  for (let match = leadingComment.exec(text); match !== null; match = leadingComment.exec(text)) {
    if (licenceWords.test(match[0])) end = leadingComment.lastIndex;
  }
  return end;
}

/** The lines of a document that hold anything, outside its licence header. */
export function measuredLines(document: SourceDocument): MeasuredLine[] {
  const { text } = document;
  const lines: MeasuredLine[] = [];
  for (let at = licenceHeaderEnd(text); at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const start = at + line.length - line.trimStart().length;
    if (line.trim() !== '') lines.push({ document, start, end: at + line.trimEnd().length });
    at = end + 1;
  }
  return lines;
}

/** Different places, each as likely as every other, in the order of the documents and of their text; all where there are fewer. */
export function drawPlaces(documents: readonly SourceDocument[], count: number, random: Random): Place[] {
  const lines = documents.flatMap(measuredLines);
  const total = lines.reduce((sum, { start, end }) => sum + end - start, 0);
  const chosen = drawDistinct(total, count, random);
  const places: Place[] = [];
  let passed = 0;
  let index = 0;
  for (const { document, start, end } of lines) {
    for (; index < chosen.length && chosen[index]! < passed + end - start; index++) {
      const offset = start + chosen[index]! - passed;
      if (!isLowSurrogate(document.text, offset)) places.push({ document, offset });
    }
    passed += end - start;
  }
  return places;
}

/** Different lines, each as likely as every other, in order; all where there are fewer. */
export function drawLines(documents: readonly SourceDocument[], count: number, random: Random): MeasuredLine[] {
  const lines = documents.flatMap(measuredLines);
  return drawDistinct(lines.length, count, random).map((index) => lines[index]!);
}

/** Different whole numbers in [0, limit), ascending. */
export function drawDistinct(limit: number, count: number, random: Random): number[] {
  if (count >= limit) return Array.from({ length: limit }, (_, index) => index);
  // Floyd's algorithm: as many draws as numbers, whatever the limit.
  const chosen = new Set<number>();
  for (let last = limit - count; last < limit; last++) {
    const drawn = random.integer(last + 1);
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** Whether an offset lies inside a surrogate pair. */
export function isLowSurrogate(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
