/** How a typist accepts: a suggestion as it stands, or also the words at its beginning. */
export type Acceptance = 'line' | 'word';

/** A suggestion and whether it is right, as its kind has it: of a beginning less is asked than of a whole line. */
export interface JudgedText {
  readonly text: string;
  readonly right: boolean;
}

/** What a text cost a typist. */
export interface TypingCost {
  /** Keys pressed: characters typed, and one for each suggestion or word accepted. */
  readonly keystrokes: number;
  /** Suggestions that were shown and of which nothing was accepted; one that lives on while it is typed counts once. */
  readonly wrong: number;
}

/** What is taken at a place, of a suggestion or of a list: what it inserts and what taking it costs. */
export interface Taken {
  /** UTF-16 units. */
  readonly length: number;
  /** Keys pressed. */
  readonly keystrokes: number;
}

/** What a typist has at hand beside suggestions: the editor's list. */
export interface ListAtHand {
  /** The item that is meant, when the line is typed up to an index; undefined where the list does not help. */
  choiceAt(index: number): Taken | undefined;
  /** Whether the list stays closed while a suggestion is shown. */
  readonly closedBySuggestions: boolean;
}

/**
 * A typist who writes one line and accepts only what is right.
 * @param line from its first character that is no blank to its last one
 * @param offerAt what is shown when `line` is typed up to an index in UTF-16 units; undefined: nothing
 */
export function typeLine(
  line: string,
  offerAt: (index: number) => JudgedText | undefined,
  acceptance: Acceptance,
  list?: ListAtHand,
): TypingCost {
  let [keystrokes, wrong] = [0, 0];
  /** What is left of the suggestion on the screen. */
  let shown: string | undefined;
  for (let index = 0; index < line.length;) {
    const offer = offerAt(index);
    const suggested = offer === undefined ? nothing : accept(line.slice(index), offer, acceptance);
    const listed = offer !== undefined && list?.closedBySuggestions === true ? undefined : list?.choiceAt(index);
    const accepted = listed !== undefined && saved(listed) > saved(suggested) ? listed : suggested;
    if (accepted.length > 0) {
      keystrokes += accepted.keystrokes;
    } else {
      keystrokes++;
      if (offer !== undefined && offer.text !== shown) wrong++;
    }
    const step = accepted.length > 0 ? accepted.length : line.codePointAt(index)! > 0xffff ? 2 : 1;
    shown = offer?.text.startsWith(line.slice(index, index + step)) === true ? offer.text.slice(step) : undefined;
    index += step;
  }
  return { keystrokes, wrong };
}

const nothing: Taken = { length: 0, keystrokes: 0 };
const saved = ({ length, keystrokes }: Taken): number => length - keystrokes;

function accept(rest: string, { text, right }: JudgedText, acceptance: Acceptance): Taken {
  if (right) return { length: text.length, keystrokes: 1 };
  if (acceptance === 'line') return nothing;
  let accepted = nothing;
  for (const { 0: word, index } of text.matchAll(acceptedWord)) {
    if (!rest.startsWith(word, index) || endsInsideWord(rest, index + word.length, word)) break;
    accepted = { length: index + word.length, keystrokes: accepted.keystrokes + 1 };
  }
  // A word of one character is typed as fast.
  return accepted.length > accepted.keystrokes ? accepted : nothing;
}

/** What the editor takes with 'accept next word': a word, or the signs before it up to the first blanks and these. */
const acceptedWord = /[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s]*\s+|[^\p{L}\p{N}_$\s]+/gu;
const wordCharacter = /[\p{L}\p{N}_$]/u;

/** A word that goes on differently is no right word. */
function endsInsideWord(rest: string, end: number, text: string): boolean {
  return wordCharacter.test(text.at(-1)!) && wordCharacter.test(rest[end] ?? '');
}

/**
 * Whether a suggestion is right: of a whole line all that stands there, of a beginning a beginning of it that does not end
 * inside a word.
 * @param rest what stands on the line, without blanks at its end
 */
export function isRight(text: string, isWholeLine: boolean, rest: string): boolean {
  if (text === '') return false;
  if (isWholeLine) return text.trimEnd() === rest;
  return rest.startsWith(text) && !endsInsideWord(rest, text.length, text);
}

/** Share of the keystrokes of typing every character that were saved, each wrong suggestion counted as `costOfWrong` of one. */
export function keystrokesSaved(characters: number, cost: TypingCost, costOfWrong = 0): number {
  return characters === 0 ? 0 : 1 - (cost.keystrokes + costOfWrong * cost.wrong) / characters;
}
