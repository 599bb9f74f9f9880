import type { SourceDocument } from '../../text/document';
import type { Place } from '../../offers/measuring/evaluationPlaces';
import { lineEnd } from '../../text/textOffsets';
import type { DrawnLine } from '../../inference/drawnLine';
import { unhurried, type Pace } from '../../inference/readPrefix';
import type { Completer } from './completer';
import { createClock } from '../completing/completionClock';
import { applyEdit, newDocument } from '../documents/engineDocuments';
import { drawAtCursor } from '../completing/lineDrawing';

/** Types a document, and draws the rest of the line at each of some ascending offsets, as the editor's engine would; what is broken off is drawn again. */
export async function drawInOrder(
  { session, memory, maxCharacters }: Completer,
  { path, text }: SourceDocument,
  offsets: readonly number[],
  onDrawn: (offset: number, line: DrawnLine) => void,
  pace = unhurried(),
): Promise<void> {
  const document = newDocument({ uri: path, path, version: 1, text: '' });
  for (const offset of offsets) {
    applyEdit(document, { offset: document.text.length, length: 0, text: text.slice(document.text.length, offset) });
    const request = { uri: path, version: 1, offset, maxCharacters, exact: true };
    let line: DrawnLine | undefined;
    while (line === undefined) {
      line = await drawAtCursor({ session, document, memory, clock: createClock() }, request, await pace());
    }
    onDrawn(offset, line);
  }
}

export interface DrawnPlace extends Place {
  readonly line: DrawnLine;
}

/** Draws the rest of the line at each of some places once; every document is typed once, in the order of the first places. */
export async function drawAtPlaces(completer: Completer, places: readonly Place[], pace?: Pace): Promise<DrawnPlace[]> {
  const wanted = new Map<SourceDocument, Set<number>>();
  for (const { document, offset } of places) wanted.set(document, (wanted.get(document) ?? new Set()).add(offset));
  const drawn: DrawnPlace[] = [];
  for (const [document, offsets] of wanted) {
    const ascending = [...offsets].sort((a, b) => a - b);
    const onDrawn = (offset: number, line: DrawnLine): void => void drawn.push({ document, offset, line });
    await drawInOrder(completer, document, ascending, onDrawn, pace);
  }
  return drawn;
}

/** What stands on the line from an offset on, without blanks at its end. */
export function restOfLine(text: string, offset: number): string {
  return text.slice(offset, lineEnd(text, offset)).trimEnd();
}
