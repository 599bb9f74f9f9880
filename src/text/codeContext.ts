import type { Language } from './languages';

export const closingBrackets = { ')': '(', ']': '[', '}': '{' } as const;
export type ClosingBracket = keyof typeof closingBrackets;

/** What is open at a place, as far as a look at the text before it tells. */
export interface CodeContext {
  readonly inComment: boolean;
  /** Opened and not closed yet, the innermost last. */
  readonly openBrackets: readonly string[];
  /** The look did not go back to the beginning of the text: more may be open. */
  readonly truncated: boolean;
}

/** How far back to look, in UTF-16 units: some 250 lines. */
const windowLength = 8_000;

/**
 * Looks through the text before a place: strings that end on their line and comments are skipped, which is right for all
 * but strings of several lines and literals of regular expressions.
 * @param offset in UTF-16 units of the text
 */
export function codeContext(text: string, offset: number, language: Language): CodeContext {
  const start = windowStart(text, offset);
  const seen = text.slice(start, offset);
  const tokens = tokensOf(language);
  const openBrackets: string[] = [];
  tokens.lastIndex = 0;
  for (let match = tokens.exec(seen); match !== null; match = tokens.exec(seen)) {
    const [token] = match;
    const end = commentEnd(language, token);
    if (end !== undefined) {
      const index = seen.indexOf(end, tokens.lastIndex);
      if (index < 0) return { inComment: true, openBrackets, truncated: start > 0 };
      tokens.lastIndex = index + end.length;
    } else if (language.blockComments.some(([, last]) => last === token)) {
      // The look has begun within a comment: what it found there is no code.
      openBrackets.length = 0;
    } else {
      track(openBrackets, token);
    }
  }
  return { inComment: false, openBrackets, truncated: start > 0 };
}

/** What ends the comment that a token begins; undefined where it begins none. */
function commentEnd({ lineComments, blockComments }: Language, token: string): string | undefined {
  if (lineComments.includes(token)) return '\n';
  return blockComments.find(([begin]) => begin === token)?.[1];
}

function track(open: string[], token: string): void {
  const opener = closingBrackets[token as ClosingBracket] as string | undefined;
  if (opener !== undefined) closeBracket(open, opener);
  else if (token.length === 1) open.push(token);
}

/**
 * Takes away the innermost open bracket of a kind, and what was left open in it.
 * @returns false where none is open
 */
export function closeBracket(open: string[], opener: string): boolean {
  const index = open.lastIndexOf(opener);
  if (index >= 0) open.length = index;
  return index >= 0;
}

/** The beginning, or else a line in reach that begins at the left margin, so that the look begins between two definitions. */
function windowStart(text: string, offset: number): number {
  if (offset <= windowLength) return 0;
  const earliest = text.indexOf('\n', offset - windowLength) + 1;
  if (earliest === 0 || earliest > offset) return offset;
  const atMargin = /^[\p{L}@_]/mu;
  const found = atMargin.exec(text.slice(earliest, offset));
  return found === null ? earliest : earliest + found.index;
}

const tokensByLanguage = new WeakMap<Language, RegExp>();

/** Comment marks, strings of one line, and brackets; the longest mark first. */
function tokensOf(language: Language): RegExp {
  const known = tokensByLanguage.get(language);
  if (known !== undefined) return known;
  const block = language.blockComments.flat();
  // Elsewhere a mark may be something else: `http://`, `$#`, `a--`.
  const line = language.lineComments.map((mark) => (mark === '//' ? `(?<!:)//` : `(?<![^\\s;])${escaped(mark)}`));
  // The cursor may stand in the last string; an apostrophe that nothing ends begins none.
  const strings = [`"(?:[^"\\\\\\n]|\\\\.)*(?:"|$)`, `'(?:[^'\\\\\\n]|\\\\.)*'`, '`(?:[^`\\\\\\n]|\\\\.)*(?:`|$)'];
  const marks = [...block.sort((a, b) => b.length - a.length).map(escaped), ...line];
  const tokens = new RegExp([...marks, ...strings, '[()\\[\\]{}]'].join('|'), 'g');
  tokensByLanguage.set(language, tokens);
  return tokens;
}

function escaped(mark: string): string {
  return mark.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
