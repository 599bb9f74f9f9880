import { commonKeywords } from '../text/commonKeywords';
import type { Language } from '../text/languages';

/** What a word is to whoever reads it: names surprise in another measure than blanks. */
export const wordKinds = ['identifier', 'keyword', 'literal', 'comment', 'sign', 'layout'] as const;
export type WordKind = (typeof wordKinds)[number];

/** A name, a number, a sign, or blanks: what is looked at as one. */
export interface Word {
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  readonly kind: WordKind;
}

const keywords: ReadonlySet<string> = new Set(commonKeywords);

/** The words of a whole text, in order; they cover it without a gap. */
export function scanWords(text: string, language: Language): Word[] {
  const words: Word[] = [];
  const parts = partsOf(language);
  const comments = [...language.lineComments, ...language.blockComments.map(([begin]) => begin)];
  parts.lastIndex = 0;
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    const [part] = match;
    const start = match.index;
    if (language.prose) addWords(words, part, start, 'comment');
    else if (comments.some((mark) => part.startsWith(mark))) addWords(words, part, start, 'comment');
    else if (isString(part)) addString(words, part, start);
    else words.push({ start, end: start + part.length, kind: kindOf(part) });
  }
  return words;
}

function isString(part: string): boolean {
  return part.length > 1 && /^["'`]/.test(part);
}

/** The quotes are signs. */
function addString(words: Word[], part: string, start: number): void {
  const isClosed = part.at(-1) === part[0];
  const end = part.length - (isClosed ? 1 : 0);
  words.push({ start, end: start + 1, kind: 'sign' });
  addWords(words, part.slice(1, end), start + 1, 'literal');
  if (isClosed) words.push({ start: start + end, end: start + end + 1, kind: 'sign' });
}

const pieces = /[\p{L}\p{N}_$]+|\r?\n|[^\S\n]+|[^]/gu;

function addWords(words: Word[], part: string, from: number, kind: WordKind): void {
  for (const { 0: piece, index } of part.matchAll(pieces)) {
    const isBlank = piece.trim() === '';
    words.push({ start: from + index, end: from + index + piece.length, kind: isBlank ? 'layout' : kind });
  }
}

function kindOf(part: string): WordKind {
  if (part.trim() === '') return 'layout';
  if (/^\p{N}/u.test(part)) return 'literal';
  if (!/^[\p{L}_$]/u.test(part)) return 'sign';
  return keywords.has(part) ? 'keyword' : 'identifier';
}

const partsByLanguage = new WeakMap<Language, RegExp>();

/** Comments, strings, names, numbers, blanks of a line, line ends, operators, any other character. */
function partsOf(language: Language): RegExp {
  const known = partsByLanguage.get(language);
  if (known !== undefined) return known;
  const block = language.blockComments.map(([begin, end]) => `${escaped(begin)}[^]*?(?:${escaped(end)}|$(?![^]))`);
  const line = language.lineComments.map((mark) =>
    mark === '//' ? `(?<!:)//[^\\n]*` : `(?<![^\\s;])${escaped(mark)}[^\\n]*`,
  );
  const strings = [`"(?:[^"\\\\\\n]|\\\\.)*"`, `'(?:[^'\\\\\\n]|\\\\.)*'`, '`(?:[^`\\\\]|\\\\[^])*`'];
  const rest = [
    '[\\p{L}_$][\\p{L}\\p{N}_$]*',
    '\\p{N}[\\p{L}\\p{N}_.]*',
    '\\r?\\n',
    '[^\\S\\n]+',
    '=>|[=!<>]=+|&&|\\|\\||\\?\\?|\\+\\+|--|->|::',
    '[^]',
  ];
  const parts = new RegExp([...block, ...line, ...strings, ...rest].join('|'), 'gu');
  partsByLanguage.set(language, parts);
  return parts;
}

function escaped(mark: string): string {
  return mark.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
