import type { HeatedWord } from '../../surprise/heatLevels';
import type { TextEdit } from '../../text/textEdit';

/** Words behind edits stand elsewhere; of those that an edit touches nothing is known any more. */
export function movedWords(words: readonly HeatedWord[], edits: readonly TextEdit[]): HeatedWord[] {
  let moved = [...words];
  for (const { offset, length, text } of edits) {
    const by = text.length - length;
    moved = moved.flatMap((word) => {
      if (word.end < offset) return [word];
      if (word.start > offset + length) return [{ ...word, start: word.start + by, end: word.end + by }];
      return [];
    });
  }
  return moved;
}

/** Puts what is known of a part of a text in the place of what was known of it. */
export function withPart(
  words: readonly HeatedWord[],
  part: { readonly from: number; readonly to: number; readonly words: readonly HeatedWord[] },
): HeatedWord[] {
  const before = words.filter(({ end }) => end <= part.from);
  return [...before, ...part.words, ...words.filter(({ start }) => start >= part.to)];
}

/** Words less surprising than this are passed over by whoever goes from one to the next. */
const leastVisited = 4;

/**
 * The surprising place after a cursor, or before it; behind the last one comes the first one.
 * @param start offset of the selection, which may be such a place
 */
export function nextPlace(
  words: readonly HeatedWord[],
  start: number,
  direction: 'next' | 'previous',
): HeatedWord | undefined {
  const places = words.filter(({ level }) => level >= leastVisited);
  return direction === 'next'
    ? (places.find((word) => word.start > start) ?? places[0])
    : (places.findLast((word) => word.start < start) ?? places.at(-1));
}

/** The word that an offset stands in, or right behind. */
export function wordAt(words: readonly HeatedWord[], offset: number): HeatedWord | undefined {
  return words.find(({ start, end }) => start <= offset && offset < end) ?? words.find(({ end }) => end === offset);
}
