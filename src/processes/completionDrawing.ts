import type { SourceDocument } from '../core/document';
import type { Place } from '../core/evaluationPlaces';
import { lineEnd } from '../core/textOffsets';
import type { DrawnLine } from '../inference/decoding';
import { giveWay } from '../inference/readPrefix';
import type { Completer } from './completer';
import { createClock } from './completionClock';
import { applyEdit, newDocument } from './engineDocuments';
import { drawAtCursor } from './lineDrawing';

/** Gives way to those who wait for the process. */
export interface Yielding {
  /** Resolves when nobody does. */
  readonly idle: () => Promise<void>;
  /** Whether somebody does: what is being drawn is then drawn again later. */
  readonly isStale: () => boolean;
}

/** For a process that does nothing else. */
export const unhurried: Yielding = { idle: giveWay, isStale: () => false };

/** Types a document, and draws the rest of the line at each of some ascending offsets, as the editor's engine would. */
export async function drawInOrder(
  { session, memory, maxCharacters }: Completer,
  { path, text }: SourceDocument,
  offsets: readonly number[],
  onDrawn: (offset: number, line: DrawnLine) => void,
  { idle, isStale }: Yielding = unhurried,
): Promise<void> {
  const document = newDocument({ uri: path, path, version: 1, text: '' });
  for (const offset of offsets) {
    applyEdit(document, { offset: document.text.length, length: 0, text: text.slice(document.text.length, offset) });
    const request = { uri: path, version: 1, offset, maxCharacters, exact: true };
    let line: DrawnLine | undefined;
    while (line === undefined) {
      await idle();
      line = await drawAtCursor({ session, document, memory, clock: createClock() }, request, isStale);
    }
    onDrawn(offset, line);
  }
}

export interface DrawnPlace extends Place {
  readonly line: DrawnLine;
}

/** Draws the rest of the line at each of some places once; every document is typed once, in the order of the first places. */
export async function drawAtPlaces(
  completer: Completer,
  places: readonly Place[],
  yielding?: Yielding,
): Promise<DrawnPlace[]> {
  const wanted = new Map<SourceDocument, Set<number>>();
  for (const { document, offset } of places) wanted.set(document, (wanted.get(document) ?? new Set()).add(offset));
  const drawn: DrawnPlace[] = [];
  for (const [document, offsets] of wanted) {
    const ascending = [...offsets].sort((a, b) => a - b);
    const onDrawn = (offset: number, line: DrawnLine): void => void drawn.push({ document, offset, line });
    await drawInOrder(completer, document, ascending, onDrawn, yielding);
  }
  return drawn;
}

/** What stands on the line from an offset on, without blanks at its end. */
export function restOfLine(text: string, offset: number): string {
  return text.slice(offset, lineEnd(text, offset)).trimEnd();
}
