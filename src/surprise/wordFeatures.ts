import type { CharacterSurprise } from './characterSurprise';
import type { FillerChance } from './fillerChances';
import { groupNames, type SurroundingGroup } from './surroundings';
import { wordKinds, type Word } from './wordScanning';

/** What a line's words are judged by. */
export interface LineEvidence {
  readonly text: string;
  /** Of the line, in order; offsets in the text. */
  readonly words: readonly Word[];
  /** Where the line starts in the text, in UTF-16 units. */
  readonly start: number;
  /** Of the line's code points. */
  readonly surprise: CharacterSurprise;
  /** What the surroundings say of each word; undefined for blanks and comments. */
  readonly chances: readonly (Readonly<Record<SurroundingGroup, FillerChance>> | undefined)[];
  /** How often each word stands elsewhere in the file, and in the rest of the workspace. */
  readonly inFile: readonly number[];
  readonly inWorkspace: readonly number[];
}

/** Sums and extremes over the characters of one word, in bits. */
export interface WordSurprise {
  readonly bits: number;
  readonly entropy: number;
  /** The most that a character was less likely than the most likely one. */
  readonly behind: number;
  readonly first: number;
}

const declaring = /^(?:const|let|var|function|class|def|import|from|interface|type|enum|for|as|lambda|catch|export)$/;

export const featureNames = [
  'bits',
  'behind',
  'entropy',
  'above',
  'first',
  ...wordKinds,
  'afterDot',
  'beforeCall',
  'beforeColon',
  'declared',
  'firstOfLine',
  'inFile',
  'newInFile',
  'inWorkspace',
  'newInWorkspace',
  ...groupNames.flatMap((group) => [`${group}Bits`, `${group}Behind`, `${group}Seen`, `${group}SeenBehind`]),
  'allBehind',
  'nextBehind',
  'nextFromHere',
  'secondFromHere',
  'previousFromHere',
  'restBehind',
  'beforeBehind',
  'lineWords',
  'repeated',
] as const;

const capped = (value: number, most: number): number => Math.min(Math.max(value, -most), most) / most;

/** The words' surprise, in the order of the words. */
export function wordSurprises({ text, words, start, surprise }: LineEvidence): WordSurprise[] {
  const pointAt = codePointNumbers(text, start, words.at(-1)?.end ?? start);
  return words.map((word) => {
    const [from, to] = [pointAt[word.start - start]!, pointAt[word.end - start]!];
    let [bits, entropy, behind] = [0, 0, 0];
    for (let point = from; point < to; point++) {
      bits += surprise.bits[point]!;
      entropy += surprise.entropy[point]!;
      behind = Math.max(behind, surprise.bits[point]! - surprise.least[point]!);
    }
    return { bits, entropy, behind, first: surprise.bits[from] ?? 0 };
  });
}

/** By UTF-16 unit from `start` on: the number of its code point. */
function codePointNumbers(text: string, start: number, end: number): number[] {
  const numbers: number[] = [];
  let point = 0;
  for (let unit = start; unit < end; point++) {
    const units = text.codePointAt(unit)! > 0xffff ? 2 : 1;
    for (let index = 0; index < units; index++) numbers.push(point);
    unit += units;
  }
  numbers.push(point);
  return numbers;
}

/** `[words, features]`: what the rank of each word is judged by, about between −1 and 1; undefined for blanks. */
export function wordFeatures(line: LineEvidence): (number[] | undefined)[] {
  const { text, words } = line;
  const surprises = wordSurprises(line);
  const shown = words.flatMap((word, index) => (word.kind === 'layout' ? [] : [index]));
  const textOf = (index: number | undefined): string =>
    index === undefined ? '' : text.slice(words[index]!.start, words[index]!.end);
  return words.map((word, index) => {
    if (word.kind === 'layout') return undefined;
    const place = shown.indexOf(index);
    const { bits, entropy, behind, first } = surprises[index]!;
    const chance = line.chances[index];
    const rest = Math.max(0, ...shown.slice(place + 1).map((other) => surprises[other]!.behind));
    const before = Math.max(0, ...shown.slice(0, place).map((other) => surprises[other]!.behind));
    const own = textOf(index);
    const yes = (condition: boolean): number => (condition ? 1 : 0);
    const [inFile, inWorkspace] = [line.inFile[index]!, line.inWorkspace[index]!];
    return [
      capped(bits, 30),
      capped(behind, 12),
      capped(entropy, 20),
      capped(bits - entropy, 20),
      capped(first, 12),
      ...wordKinds.map((kind) => yes(kind === word.kind)),
      yes(/^(?:\.|->|::)$/.test(textOf(shown[place - 1]))),
      yes(textOf(shown[place + 1]) === '('),
      yes(textOf(shown[place + 1]) === ':'),
      yes(declaring.test(textOf(shown[place - 1]))),
      yes(place === 0),
      capped(Math.log2(1 + inFile), 6),
      yes(inFile === 0),
      capped(Math.log2(1 + inWorkspace), 12),
      yes(inWorkspace === 0),
      ...groupNames.flatMap((group) => chanceFeatures(chance?.[group])),
      capped(behind + (chance === undefined ? 0 : chance.behind.behind + chance.around.behind), 48),
      capped(surprises[shown[place + 1] ?? -1]?.behind ?? 0, 12),
      capped(line.chances[shown[place + 1] ?? -1]?.before.behind ?? 0, 20),
      capped(line.chances[shown[place + 2] ?? -1]?.before.behind ?? 0, 20),
      capped(line.chances[shown[place - 1] ?? -1]?.behind.behind ?? 0, 20),
      capped(rest, 12),
      capped(before, 12),
      capped(shown.length, 24),
      yes(shown.some((other) => other !== index && textOf(other) === own)),
    ];
  });
}

function chanceFeatures(chance: FillerChance | undefined): number[] {
  if (chance === undefined) return [0, 0, 0, 0];
  const [behind, seen] = [capped(chance.behind, 20), capped(Math.log2(1 + chance.seen), 8)];
  return [capped(chance.bits, 20), behind, seen, behind * seen];
}
