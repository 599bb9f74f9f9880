import type { AddedLine } from '../../offers/measuring/addedLines';
import { isLowSurrogate } from '../../offers/measuring/evaluationPlaces';
import type { MeasuredPlace } from '../../offers/measuring/completionFigures';
import type { SourceDocument } from '../../text/document';
import { singleEdit } from '../../text/textEdit';
import { unhurried } from '../../inference/readPrefix';
import { createClock } from '../completing/completionClock';
import { drawAtCursor } from '../completing/lineDrawing';
import { applyEdit, newDocument, type EngineDocument } from '../documents/engineDocuments';
import type { Completer } from './completer';
import { judgedPlace, type Judging } from './measuredPlace';

/** A text that is changed into another one. */
export interface TextToType {
  readonly before: string;
  readonly after: SourceDocument;
  /** In order of their places. */
  readonly lines: readonly AddedLine[];
}

/**
 * Types lines of a text, each where it stands in the later text, above what is left below it of the earlier one, and draws the
 * rest of the line at every place of it.
 * @param onLine told the places of each, by index in the line in UTF-16 units
 */
export async function typeLines(
  completer: Completer,
  { before, after, lines }: TextToType,
  judging: Judging,
  onLine: (line: AddedLine, places: ReadonlyMap<number, MeasuredPlace>) => void,
): Promise<void> {
  const { path } = after;
  const document = newDocument({ uri: path, path, version: 1, text: '' });
  for (const line of lines) {
    const below = line.below === null ? '' : `\n${before.slice(line.below)}`;
    const written = after.text.slice(line.start, line.end);
    const places = new Map<number, MeasuredPlace>();
    for (let offset = line.start; offset < line.end; offset++) {
      if (isLowSurrogate(after.text, offset)) continue;
      setText(document, after.text.slice(0, offset) + below);
      const rest = written.slice(offset - line.start);
      places.set(offset - line.start, await drawPlace(completer, document, offset, rest, judging));
    }
    onLine(line, places);
  }
}

async function drawPlace(
  { session, memory, maxCharacters }: Completer,
  document: EngineDocument,
  offset: number,
  rest: string,
  judging: Judging,
): Promise<MeasuredPlace> {
  const { path, text } = document;
  const request = { uri: path, version: 1, offset, maxCharacters, exact: true };
  const pace = unhurried();
  for (;;) {
    // What is broken off is drawn again.
    const line = await drawAtCursor({ session, document, memory, clock: createClock() }, request, await pace());
    if (line !== undefined) return judgedPlace(line, { path, text }, offset, rest, judging);
  }
}

function setText(document: EngineDocument, text: string): void {
  const edit = singleEdit(document.text, text);
  if (edit !== undefined) applyEdit(document, edit);
}
