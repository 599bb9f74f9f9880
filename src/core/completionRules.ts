import type { ConfidenceOf, Cut } from './completionConfidence';

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

/**
 * The longest beginning of a drawn line whose confidence is at least `minimum`: all of it, or else up to the end of a word, so
 * that no name is offered by half.
 * @param characters the line, one code point each
 * @param probabilities of each character given those before it
 * @param ends whether the model then ends the line, with this probability; undefined: the line was broken off
 * @param confidenceOf by default the probability itself, the product of its characters' ones
 * @returns text and confidence of what is confident enough; empty text where nothing is
 */
export function confidentPart(
  characters: readonly string[],
  probabilities: readonly number[],
  ends: number | undefined,
  minimum: number,
  confidenceOf: ConfidenceOf = ({ probability }) => probability,
): { text: string; confidence: number; isWholeLine: boolean } {
  for (const cut of cutsOf(characters, probabilities, ends)) {
    const confidence = confidenceOf(cut);
    const { length, isWholeLine } = cut;
    if (confidence >= minimum) return { text: characters.slice(0, length).join(''), confidence, isWholeLine };
  }
  return { text: '', confidence: 0, isWholeLine: false };
}

/** What of a drawn line may be offered, the longest first; see {@link confidentPart}. */
export function cutsOf(
  characters: readonly string[],
  probabilities: readonly number[],
  ends: number | undefined,
): Cut[] {
  const cuts: Cut[] = [];
  let [probability, leastProbability] = [1, 1];
  for (const [index, one] of probabilities.entries()) {
    probability *= one;
    leastProbability = Math.min(leastProbability, one);
    const length = index + 1;
    if (endsWord(characters, length)) cuts.push({ isWholeLine: false, probability, leastProbability, length });
  }
  if (ends !== undefined && characters.length > 0) {
    probability *= ends;
    leastProbability = Math.min(leastProbability, ends);
    cuts.push({ isWholeLine: true, probability, leastProbability, length: characters.length });
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
