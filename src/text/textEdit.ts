/** A replacement in a text, in UTF-16 units of the text before it. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The shortest single replacement that turns `from` into `to`; undefined where they are equal. */
export function singleEdit(from: string, to: string): TextEdit | undefined {
  if (from === to) return undefined;
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let tail = 0;
  while (tail < shorter - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  return { offset: start, length: from.length - tail - start, text: to.slice(start, to.length - tail) };
}
