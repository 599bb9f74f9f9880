import { isBehindMemberAccess } from '../completionFilters';
import type { MeasuredLine } from './evaluationPlaces';
import type { JudgedText, Taken } from './typist';

const words = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const members = /(?<=\.|->|::)[\p{L}_$][\p{L}\p{N}_$]*/gu;
const typedWord = /(?:[\p{L}_$][\p{L}\p{N}_$]*)?$/u;
const restOfWord = /^[\p{L}\p{N}_$]*/u;
const longestPrefix = 3;
/** Rows of the editor's list that are seen without scrolling. */
const rows = 12;

/**
 * An editor's list of words of the document: those written above that begin as the word being typed does, in the same case
 * first, then in alphabetical order. Behind a member access it has the names that stand behind one above, and opens at once.
 * It stands for the list of a language server, which is at least as good.
 * @returns the item that is meant, by index in the line; undefined where no list opens, it has no such item among those
 * that are seen, or typing is as fast
 */
export function wordList({ document, start, end }: MeasuredLine): (index: number) => Taken | undefined {
  const line = document.text.slice(start, end);
  return (index) => {
    const before = line.slice(0, index);
    const prefix = typedWord.exec(before)![0];
    const isMember = isBehindMemberAccess(before);
    const rest = restOfWord.exec(line.slice(index))![0];
    if (rest === '' || (prefix === '' && !isMember)) return undefined;
    const above = document.text.slice(0, start + index - prefix.length);
    const row = itemsOf(above.match(isMember ? members : words) ?? [], prefix).indexOf(prefix + rest);
    if (row < 0 || row >= rows || row + 1 >= rest.length) return undefined;
    return { length: rest.length, keystrokes: row + 1 };
  };
}

/**
 * The first item of the list of words, asked for after the first, second and third letter of a word.
 * @returns what accepting it would insert, by index in the line
 */
export function wordSuggestions({ document, start, end }: MeasuredLine): (index: number) => JudgedText | undefined {
  const line = document.text.slice(start, end);
  return (index) => {
    const prefix = typedWord.exec(line.slice(0, index))![0];
    if (prefix === '' || prefix.length > longestPrefix) return undefined;
    const above = document.text.slice(0, start + index - prefix.length);
    const [first] = itemsOf(above.match(words) ?? [], prefix);
    if (first === undefined) return undefined;
    const whole = prefix + restOfWord.exec(line.slice(index))![0];
    return { text: first.slice(prefix.length), right: first === whole };
  };
}

/** The different words that go on from a prefix, in the order of the list. */
function itemsOf(known: readonly string[], prefix: string): string[] {
  const lower = prefix.toLowerCase();
  const matching = new Set(known.filter((word) => word.length > prefix.length && word.toLowerCase().startsWith(lower)));
  const rank = (word: string): number => (word.startsWith(prefix) ? 0 : 1);
  return [...matching].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}
