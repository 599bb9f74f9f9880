import { closeBracket, closingBrackets, codeContext, type CodeContext, type ClosingBracket } from '../text/codeContext';
import { mayCompleteAt, withoutRepeated } from './completionRules';
import type { ProseCompletions } from '../core/configuration';
import { beforeUnsafe } from '../core/harmlessText';
import { secretMark } from '../core/secretMark';
import { languageOf, type Language } from '../text/languages';
import { lineEnd, lineStart } from '../text/textOffsets';

/** Where a completion is asked for: what the filters look at. */
export interface CompletionPlace {
  /** The line up to the cursor, and from it on. */
  readonly before: string;
  readonly after: string;
  /** The neighbouring lines; undefined at the beginning and end of the text. */
  readonly above: string | undefined;
  readonly below: string | undefined;
  readonly language: Language;
  /** What is open before the cursor; asked only where it matters. */
  readonly context: () => CodeContext;
  /** The quote of the string that is open at the cursor, so far as its line tells; as `context`. */
  readonly quote: () => string | undefined;
}

/** @param offset in UTF-16 units @param languageId the editor's, where it is known */
export function completionPlace(text: string, offset: number, path: string, languageId?: string): CompletionPlace {
  const [start, end] = [lineStart(text, offset), lineEnd(text, offset)];
  const next = text.indexOf('\n', end);
  const language = languageOf(path, languageId);
  const before = text.slice(start, offset);
  let context: CodeContext | undefined;
  let quote: { readonly open: string | undefined } | undefined;
  return {
    before,
    after: text.slice(offset, end),
    above: start === 0 ? undefined : text.slice(lineStart(text, start - 1), lineEnd(text, start - 1)),
    below: next < 0 ? undefined : text.slice(next + 1, lineEnd(text, next + 1)),
    language,
    context: () => (context ??= codeContext(text, offset, language)),
    quote: () => (quote ??= { open: openQuote(before) }).open,
  };
}

/** Where the editor's own list of suggestions opens: behind a member access, or in a word that has begun. */
export type ListPlace = 'member' | 'word';

/**
 * How likely to be wrong a suggestion may be where the list would open, as a share of what it may be elsewhere: the editor
 * keeps its list closed while a suggestion is shown. Chosen by the keystrokes that both save together (docs/usefulness.md).
 */
export type ListShares = Readonly<Record<ListPlace, number>>;
export const defaultListShares: ListShares = { member: 0.8, word: 1 };

const memberAccess = /(?:(?<![.\d])\.|->|::)[\p{L}\p{N}_$]*$/u;
const begunWord = /(?<![\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** @param before the line up to the cursor */
export function isBehindMemberAccess(before: string): boolean {
  return memberAccess.test(before);
}

/**
 * Whether anything may be offered at a place, and how probable it must be.
 * @param minimum what is asked for in code; 0 asks for all there is
 * @returns undefined: nothing may be offered
 */
export function minimumConfidenceAt(
  place: CompletionPlace,
  minimum: number,
  inProse: ProseCompletions,
  shares = defaultListShares,
): number | undefined {
  if (!mayCompleteAt(place.before, place.after)) return undefined;
  const isProse = place.language.prose || place.context().inComment;
  if (isProse && inProse === 'never') return undefined;
  if (minimum === 0 || (isProse && inProse === 'normal')) return minimum;
  return 1 - (1 - minimum) * (isProse ? proseShare : listShare(place.before, shares));
}

const proseShare = 0.5;

function listShare(before: string, shares: ListShares): number {
  if (isBehindMemberAccess(before)) return shares.member;
  return begunWord.test(before) ? shares.word : 1;
}

/** Shorter completions cost more to read than to type, in code points. */
const shortestCompletion = 3;

/**
 * What may be offered of a drawn text: without what repeats the text right of the cursor, closes what is not open, or
 * says a neighbouring line again, and up to whatever would not be shown as what it is.
 * @returns empty where nothing may be
 */
export function offerable(drawn: string, place: CompletionPlace): string {
  let text = withoutRepeated(beforeUnsafe(beforeSecret(drawn)), place.after);
  text = withoutUnopened(text, place);
  text = withoutNeighbours(text, place);
  // Blanks at the end say nothing, and whoever accepted them would leave them in the line.
  text = text.trimEnd();
  return isEndless(text) || Array.from(text.trim()).length < shortestCompletion ? '' : text;
}

/** A model that has seen the mark of secrets may draw it. */
function beforeSecret(drawn: string): string {
  const mark = drawn.indexOf(secretMark);
  return mark < 0 ? drawn : drawn.slice(0, mark);
}

const stringsAndBrackets = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`|[()[\]{}]/g;

/**
 * Cut before the first bracket that closes nothing. Where not all of the text before was looked at, a bracket that begins a
 * line may close what began out of sight.
 */
function withoutUnopened(text: string, { language, context, quote, before }: CompletionPlace): string {
  if (!language.balanced) return text;
  /** What the text opens itself, and, once it is asked for, what was open before. */
  const own: string[] = [];
  let outer: string[] | undefined;
  for (const { 0: token, index } of text.matchAll(stringsAndBrackets)) {
    const opener = closingBrackets[token as ClosingBracket] as string | undefined;
    if (opener === undefined || index < restOfString(text, quote())) {
      if (token.length === 1) own.push(token);
    } else if (!closeBracket(own, opener)) {
      if (context().inComment) return text;
      outer ??= [...context().openBrackets];
      const beginsLine = /(^|\n)\s*$/.test(before + text.slice(0, index));
      if (!closeBracket(outer, opener) && !(beginsLine && context().truncated)) return text.slice(0, index);
    }
  }
  return text;
}

/** How much of a text belongs to a string with this quote, which has begun before it. */
function restOfString(text: string, quote: string | undefined): number {
  if (quote === undefined) return 0;
  const end = text.indexOf(quote);
  return end < 0 ? text.length : end;
}

/** The quote of the string that is open at the end of a line; a regular expression would try every quote of a long one as the first. */
function openQuote(line: string): string | undefined {
  let open: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line[index]!;
    if (open === undefined) open = '"\'`'.includes(character) ? character : undefined;
    else if (character === '\\') index++;
    else if (character === open) open = undefined;
  }
  return open;
}

/** Cut before the first line that is the one above it, or the one that follows the text already. */
function withoutNeighbours(text: string, { before, after, above, below }: CompletionPlace): string {
  const lines = (before + text).split('\n');
  const whole = lines.map((line, index) => (index === lines.length - 1 ? line + after : line).trimEnd());
  const repeats = (line: string, index: number): boolean =>
    line !== '' && (line === (whole[index - 1] ?? above?.trimEnd()) || line === below?.trimEnd());
  const first = whole.findIndex(repeats);
  if (first < 0) return text;
  return first === 0 ? '' : lines.slice(0, first).join('\n').slice(before.length);
}

/** A network in a loop: an end that comes again and again. A ruler such as `-----` is drawn on purpose. */
function isEndless(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period++) {
    let length = period;
    while (length < text.length && text.at(-length - 1) === text.at(period - length - 1)) length++;
    // The last time may be broken off.
    const times = length / period;
    if (length >= 12 && times >= (period < 8 ? 4 : 2.75)) return !(period === 1 && /[^\p{L}\p{N}\s]$/u.test(text));
  }
  return false;
}
