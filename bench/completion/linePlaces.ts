import type { SourceDocument } from '../../src/text/document';
import { createRandom } from '../../src/core/random';
import { lineEnd, lineStart } from '../../src/text/textOffsets';

/** A place inside a line: the text before it, and the rest of its line. */
export interface LinePlace {
  readonly path: string;
  readonly before: string;
  readonly expected: string;
}

/** Seeded places inside lines, neither in the indentation nor at the end. */
export function chooseLinePlaces(documents: readonly SourceDocument[], count: number): LinePlace[] {
  const random = createRandom(5);
  const chosen: LinePlace[] = [];
  while (chosen.length < count) {
    const { path, text } = documents[random.integer(documents.length)]!;
    const offset = random.integer(text.length);
    const before = text.slice(0, offset);
    const expected = text.slice(offset, lineEnd(text, offset));
    if (before.slice(lineStart(text, offset)).trim() !== '' && expected.trim() !== '') {
      chosen.push({ path, before, expected });
    }
  }
  return chosen;
}
