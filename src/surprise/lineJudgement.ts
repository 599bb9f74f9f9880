import type { FillerChance } from './fillerChances';
import { oddsOf } from './slipOdds';
import { groupNames } from './surroundings';
import { wordFeatures, type LineEvidence } from './wordFeatures';
import type { WordKnowledge } from './wordKnowledge';

/** What a line looks like to whoever knows the workspace. */
export interface LineJudgement {
  /** See `ReviewedLine`. */
  readonly score: number;
  readonly bits: number;
  readonly expected: string;
  readonly places: number;
  readonly start: number;
  readonly end: number;
}

/** The odds that a word of the line is a slip: those of its words, added. What is expected is told of the oddest one. */
export function judgeLine(evidence: LineEvidence, knowledge: WordKnowledge): LineJudgement {
  const { words, start, surprise } = evidence;
  const bits = surprise.bits.reduce((sum, each) => sum + each, 0);
  let [oddest, most, sum] = [-1, -Infinity, 0];
  for (const [index, features] of wordFeatures(evidence).entries()) {
    const odds = features === undefined ? -Infinity : oddsOf(features);
    sum += Math.exp(Math.min(odds, 500));
    if (odds > most) [oddest, most] = [index, odds];
  }
  const word = words[oddest];
  if (word === undefined) return { score: 0, bits, expected: '', places: 0, start: 0, end: 0 };
  const { expected, places } = expectedInstead(evidence, oddest, knowledge);
  const score = Math.log2(1 + sum);
  return { score, bits, expected, places, start: word.start - start, end: word.end - start };
}

/** The word that the nearest surroundings speak for. */
function expectedInstead(
  { chances }: LineEvidence,
  index: number,
  knowledge: WordKnowledge,
): Pick<LineJudgement, 'expected' | 'places'> {
  const chance = chances[index];
  if (chance === undefined) return { expected: '', places: 0 };
  const likely = groupNames.map((group) => chance[group]).filter(speaksForAnother);
  likely.sort((a, b) => b.behind - a.behind);
  const best = likely[0];
  const expected = best?.best === undefined ? undefined : knowledge.wordOf(best.best);
  return expected === undefined ? { expected: '', places: 0 } : { expected, places: best!.places };
}

/** It stands there in half of the places or more, twice at least. */
function speaksForAnother({ best, places, seen }: FillerChance): boolean {
  return best !== undefined && places >= 2 && 2 * places >= seen;
}
