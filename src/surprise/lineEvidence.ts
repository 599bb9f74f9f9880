import type { CharacterSurprise } from './characterSurprise';
import { fillerChance, type FillerChance } from './fillerChances';
import type { WordKnowledge } from './wordKnowledge';
import { partOf, type ScannedText } from './scannedText';
import { fillersIn, hashOf, type Fillers, type SurroundingGroup } from './surroundings';
import type { LineEvidence } from './wordFeatures';

/** A time in the file itself says as much as so many elsewhere. */
const fileWeight = 4;

/** What is known of a line of a text, from the rest of it and from the workspace. */
export function lineEvidence(
  scanned: ScannedText,
  start: number,
  end: number,
  surprise: CharacterSurprise,
  knowledge: WordKnowledge,
): LineEvidence {
  const { text, sequence, counts } = scanned;
  const { words, from, to } = partOf(scanned, start, end);
  const onLine = new Map<number, number>();
  for (let place = from; place < to; place++) {
    const code = sequence.codes[place]!;
    onLine.set(code, (onLine.get(code) ?? 0) + 1);
  }
  const inFile = (code: number): number => (counts.get(code) ?? 0) - (onLine.get(code) ?? 0);
  const own = knowledge.holdsJudged ? 1 : 0;
  const inWorkspace = (code: number): number => (knowledge.counts.get(code) ?? 0) - own * (counts.get(code) ?? 0);
  const distinct = counts.size + knowledge.counts.size;
  const total = fileWeight * sequence.codes.length + knowledge.total() + distinct;
  // All that is new shares what is kept for it: a name that stands nowhere else is no wrong name.
  const frequency = (code: number): number => (fileWeight * inFile(code) + inWorkspace(code) || distinct) / total;
  let place = from;
  const codes = words.map((word) => hashOf(text, word.start, word.end));
  const chances = words.map(({ kind }) => {
    if (kind === 'layout' || kind === 'comment') return undefined;
    const near = fillersIn(scanned.surroundings, sequence.codes, place, [from, to], fileWeight - own, -own);
    const far = knowledge.surroundings.at(sequence.codes, place);
    const code = sequence.codes[place++]!;
    const chanceOf = (group: SurroundingGroup): FillerChance =>
      fillerChance(
        near[group].map((fillers, index) => joined(fillers, far[group][index])),
        code,
        frequency,
      );
    return { before: chanceOf('before'), behind: chanceOf('behind'), around: chanceOf('around') };
  });
  return { text, words, start, surprise, chances, inFile: codes.map(inFile), inWorkspace: codes.map(inWorkspace) };
}

function joined(one: Fillers | undefined, other: Fillers | undefined): Fillers | undefined {
  if (one === undefined || other === undefined || other.total === 0) return one ?? other;
  const counts = new Map(other.counts);
  for (const [code, count] of one.counts) {
    const sum = (counts.get(code) ?? 0) + count;
    if (sum > 0) counts.set(code, sum);
    else counts.delete(code);
  }
  return { counts, total: one.total + other.total };
}
