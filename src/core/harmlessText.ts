/**
 * What changes how a terminal or an editor shows other text, or what it does: control characters but for tab and line feed, and
 * those that turn the direction of text around (Boucher and Anderson 2021, arXiv 2111.00169), with the separators of lines and
 * paragraphs, which editors take for line ends.
 */
const unsafe = /(?![\t\n])[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const everyUnsafe = new RegExp(unsafe.source, 'gu');

/** A text for people, in which such characters are written as their numbers; in JSON it says the same as before. */
export function harmlessText(text: string): string {
  return text.replace(everyUnsafe, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A text up to the first such character. */
export function beforeUnsafe(text: string): string {
  const first = text.search(unsafe);
  return first < 0 ? text : text.slice(0, first);
}
