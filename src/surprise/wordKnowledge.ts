import type { ScannedText } from './scannedText';
import { createSurroundings, type Surroundings } from './surroundings';

/** What a workspace knows of words. */
export interface WordKnowledge {
  /** How often each word stands in it, by `hashOf`. */
  readonly counts: ReadonlyMap<number, number>;
  /** Number of all words. */
  readonly total: () => number;
  /** What stands in the surroundings that were wanted before the texts were added. */
  readonly surroundings: Surroundings;
  /** Whether the texts that are judged by it are among its texts. */
  readonly holdsJudged: boolean;
  add(text: ScannedText): void;
  /** A word by `hashOf`, where one of the texts has it. */
  wordOf(code: number): string | undefined;
}

export function createWordKnowledge(holdsJudged: boolean): WordKnowledge {
  const counts = new Map<number, number>();
  const words = new Map<number, string>();
  const surroundings = createSurroundings();
  let total = 0;
  return {
    counts,
    total: () => total,
    surroundings,
    holdsJudged,
    add({ text, sequence }) {
      surroundings.count(sequence.codes);
      total += sequence.codes.length;
      for (const [index, code] of sequence.codes.entries()) {
        const count = counts.get(code) ?? 0;
        counts.set(code, count + 1);
        if (count > 0) continue;
        const { start, end } = sequence.words[index]!;
        words.set(code, text.slice(start, end));
      }
    },
    wordOf: (code) => words.get(code),
  };
}
