import { unitsAt } from '../text/textOffsets';
import type { CharacterSurprise } from './characterSurprise';
import type { Word, WordKind } from './wordScanning';

/** A word that is more surprising than was to be expected. */
export interface HeatedWord {
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** From 1, a little, to {@link heatLevels}. */
  readonly level: number;
}

/**
 * Mean and standard deviation of surprise less entropy, in bits, over the words of held-out files of four projects (svelte, xterm.js,
 * networkx, werkzeug) under the base model.
 */
const usual: Readonly<Record<Exclude<WordKind, 'layout'>, { readonly mean: number; readonly deviation: number }>> = {
  identifier: { mean: -0.25, deviation: 3.22 },
  keyword: { mean: -0.31, deviation: 1.9 },
  literal: { mean: 0.25, deviation: 2.96 },
  comment: { mean: 0.09, deviation: 2.75 },
  sign: { mean: 0.1, deviation: 1.82 },
};

/** Deviations above the mean from which on a word has level 1, 2, …: about 11, 7, 5, 3 and 1 of a hundred words. */
const levelDeviations = [1, 1.5, 2, 2.75, 4] as const;
export const heatLevels = levelDeviations.length;

/**
 * The words whose surprise is above the expected one, more than usual for words of their kind: the model was sure, and this is
 * something else.
 * @param surprise of the code points of the part of the text from `from` on
 * @param words of the text; those that the part does not hold whole are passed over
 */
export function heatedWords(
  text: string,
  words: readonly Word[],
  surprise: Pick<CharacterSurprise, 'bits' | 'entropy'>,
  from = 0,
): HeatedWord[] {
  const heated: HeatedWord[] = [];
  let [unit, point] = [from, 0];
  for (const { start, end, kind } of words) {
    if (start < from) continue;
    for (; unit < start; point++) unit += unitsAt(text, unit);
    let above = 0;
    for (; unit < end && point < surprise.bits.length; point++) {
      above += surprise.bits[point]! - surprise.entropy[point]!;
      unit += unitsAt(text, unit);
    }
    if (unit < end) break;
    if (kind === 'layout') continue;
    const deviations = (above - usual[kind].mean) / usual[kind].deviation;
    const level = levelDeviations.filter((least) => deviations >= least).length;
    if (level > 0) heated.push({ start, end, level });
  }
  return heated;
}
