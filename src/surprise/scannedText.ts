import { sequenceOf, textSurroundings, type TextSurroundings, type WordSequence } from './surroundings';
import type { Word } from './wordScanning';

/** A text divided into words. */
export interface ScannedText {
  readonly text: string;
  readonly words: readonly Word[];
  readonly sequence: WordSequence;
  readonly surroundings: TextSurroundings;
  /** How often each word stands in it. */
  readonly counts: ReadonlyMap<number, number>;
}

export function scannedText(text: string, words: readonly Word[]): ScannedText {
  const sequence = sequenceOf(text, words);
  const counts = new Map<number, number>();
  for (const code of sequence.codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return { text, words, sequence, counts, surroundings: textSurroundings(sequence.codes) };
}

/** The words of a part of a text, and their numbers in its sequence. */
export function partOf({ words, sequence }: ScannedText, start: number, end: number) {
  const first = firstFrom(words, start);
  return {
    words: words.slice(first, firstFrom(words, end)),
    from: firstFrom(sequence.words, start),
    to: firstFrom(sequence.words, end),
  };
}

/** Number of the first word that starts at an offset or behind it. */
function firstFrom(words: readonly Word[], offset: number): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
