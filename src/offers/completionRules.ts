import type { Ahead, ConfidenceOf, Cut } from './completionConfidence';

const wordCharacter = /[\p{L}\p{N}_$]/u;
const closers = /^[\s)\]}>'"`;,:]*$/;
const brackets: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const quotes = new Set(["'", '"', '`']);

/**
 * Whether a completion may be offered at a place: not inside a word, and with nothing but closing characters on its right.
 * @param before the line up to the cursor
 * @param after the line from the cursor on
 */
export function mayCompleteAt(before: string, after: string): boolean {
  return closers.test(after) && !(endsInWord(before) && startsInWord(after));
}

function endsInWord(text: string): boolean {
  return wordCharacter.test(Array.from(text.slice(-2)).at(-1) ?? '');
}

function startsInWord(text: string): boolean {
  return wordCharacter.test(Array.from(text.slice(0, 2))[0] ?? '');
}

/**
 * What is left of a completion when the text after the cursor is not repeated: `x);` before `);` becomes `x`. Closing
 * brackets that the completion itself opened stay.
 */
export function withoutRepeated(completion: string, after: string): string {
  const rest = after.trim();
  if (rest === '') return completion;
  const closing = firstUnopened(completion, rest[0]!);
  return closing === undefined ? withoutRepeatedEnd(completion, rest) : completion.slice(0, closing);
}

/**
 * How much of the text after the cursor a completion says itself and goes on behind: of `a) {` before `)`, one unit, which
 * the editor has closed when the bracket was typed.
 * @returns 0 where it ends there, or where something else stands behind the cursor
 */
export function writtenOver(completion: string, after: string): number {
  const rest = after.trimEnd();
  const upTo = withoutRepeated(completion, after);
  const goesOn = completion.startsWith(rest, upTo.length) && completion.length > upTo.length + rest.length;
  return rest !== '' && goesOn && /^[)\]}>'"`]+$/.test(rest) ? after.length : 0;
}

/** Where the completion closes what stands open before the cursor, with the character that follows the cursor. */
function firstUnopened(completion: string, closer: string): number | undefined {
  if (quotes.has(closer)) {
    // An odd number of quotes: the first one ends the string that the cursor is in.
    return completion.split(closer).length % 2 === 0 ? completion.indexOf(closer) : undefined;
  }
  const opener = brackets[closer];
  if (opener === undefined) return undefined;
  let open = 0;
  for (let index = 0; index < completion.length; index++) {
    if (completion[index] === opener) open++;
    if (completion[index] === closer && --open < 0) return index;
  }
  return undefined;
}

/** Cuts the longest end that `after` begins with, unless it closes a bracket or string of the completion's own. */
function withoutRepeatedEnd(completion: string, after: string): string {
  for (let length = Math.min(completion.length, after.length); length > 0; length--) {
    const end = completion.slice(-length);
    if (after.startsWith(end) && brackets[end[0]!] === undefined && !quotes.has(end[0]!)) {
      return completion.slice(0, -length);
    }
  }
  return completion;
}

/** A line as it was drawn. */
export interface LineToOffer {
  /** One code point each. */
  readonly characters: readonly string[];
  /** Of each character given those before it. */
  readonly probabilities: readonly number[];
  /** Whether the model then ends the line, with this probability; undefined: the line was broken off. */
  readonly ends: number | undefined;
  /** The line that is drawn character by character, where another one is more probable as a whole: this one. */
  readonly alternative?: LineToOffer;
}

/** A beginning of a line, or all of it, and how sure it is. */
export interface ConfidentPart<Line extends LineToOffer> {
  readonly text: string;
  readonly confidence: number;
  readonly isWholeLine: boolean;
  readonly line: Line;
}

/**
 * The beginnings of a drawn line whose confidence is at least `minimum`, the longest first: all of it, or else up to the end of
 * a word, so that no name is offered by half. One that was found by looking ahead is offered as a whole only: who wants a
 * beginning wants that of its alternative.
 * @param confidenceOf by default the probability itself, the product of its characters' ones
 */
export function* confidentParts<Line extends LineToOffer & { readonly alternative?: Line }>(
  line: Line,
  minimum: number,
  confidenceOf: ConfidenceOf = ({ probability }) => probability,
): Generator<ConfidentPart<Line>> {
  for (const cut of cutsOf(line)) {
    const confidence = confidenceOf(cut);
    if (confidence < minimum) continue;
    const from = cut.ahead === 'differs' ? line.alternative! : line;
    yield { text: textOfCut(line, cut), confidence, isWholeLine: cut.isWholeLine, line: from };
  }
}

/** What a cut of a line says; see {@link cutsOf}. */
export function textOfCut(line: LineToOffer, { ahead, length }: Cut): string {
  const { characters } = ahead === 'differs' ? line.alternative! : line;
  return characters.slice(0, length).join('');
}

/** What of a drawn line may be offered, of each line the longest first; see {@link confidentParts}. */
export function cutsOf(line: LineToOffer): Cut[] {
  const { alternative } = line;
  if (alternative === undefined) return cutsOfOne(line, 'agrees');
  const found = cutsOfOne(line, 'found').filter(({ isWholeLine }) => isWholeLine);
  return [...found, ...cutsOfOne(alternative, 'differs')];
}

function cutsOfOne({ characters, probabilities, ends }: LineToOffer, ahead: Ahead): Cut[] {
  const cuts: Cut[] = [];
  let [probability, leastProbability] = [1, 1];
  for (const [index, one] of probabilities.entries()) {
    probability *= one;
    leastProbability = Math.min(leastProbability, one);
    const length = index + 1;
    if (endsWord(characters, length)) cuts.push({ isWholeLine: false, probability, leastProbability, length, ahead });
  }
  if (ends !== undefined && characters.length > 0) {
    probability *= ends;
    leastProbability = Math.min(leastProbability, ends);
    cuts.push({ isWholeLine: true, probability, leastProbability, length: characters.length, ahead });
  }
  return cuts.reverse();
}

/** Whether the first `length` characters end with a whole word; a line that was broken off may go on in it. */
function endsWord(characters: readonly string[], length: number): boolean {
  const last = characters[length - 1]!;
  const next = characters[length];
  if (next === undefined) return !wordCharacter.test(last);
  return !(wordCharacter.test(last) && wordCharacter.test(next));
}
