import type { MeasuredLine } from '../../src/core/evaluationPlaces';
import type { JudgedText } from '../../src/core/typist';

const words = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const longestPrefix = 3;

/**
 * The first item of an editor's list of words of the document: those written above that begin as the word being typed does,
 * in the same case first, then in alphabetical order; asked for after its first, second and third letter.
 * @returns what accepting it would insert, by index in the line
 */
export function wordSuggestions({ document, start, end }: MeasuredLine): (index: number) => JudgedText | undefined {
  const known = new Set(document.text.slice(0, start).match(words));
  const line = document.text.slice(start, end);
  return (index) => {
    const prefix = /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(line.slice(0, index))?.[0] ?? '';
    if (prefix === '' || prefix.length > longestPrefix) return undefined;
    for (const word of line.slice(0, index - prefix.length).match(words) ?? []) known.add(word);
    const first = firstItem(known, prefix);
    if (first === undefined) return undefined;
    const whole = prefix + (/^[\p{L}\p{N}_$]*/u.exec(line.slice(index))?.[0] ?? '');
    return { text: first.slice(prefix.length), right: first === whole && first.length > prefix.length };
  };
}

function firstItem(known: ReadonlySet<string>, prefix: string): string | undefined {
  const lower = prefix.toLowerCase();
  const matching = [...known].filter((word) => word.length > prefix.length && word.toLowerCase().startsWith(lower));
  const rank = (word: string): number => (word.startsWith(prefix) ? 0 : 1);
  return matching.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))[0];
}
