/** How much of some lines stays in a block. */
export interface LinesInBlock {
  /** So many of them may stand there; blank lines at their end are left out. */
  readonly count: number;
  /** Nothing that follows them would. */
  readonly ended: boolean;
}

const tabColumns = 4;
const closing = /^\s*(?:[)\]}]|end\b)/;
const opening = /[([{:]\s*$/;

/**
 * How many lines may be written below a line without going past the end of the block that the indentation shows: what is
 * indented more, then what closes it. Where nothing is indented more, lines of the same indentation go on in the block
 * that the line itself stands in. Nothing is written where the block is there already, nor the line that comes next again.
 * @param current the line above them, whole
 * @param lines in order
 * @param next the line below that is not blank and is there already; undefined at the end of a text
 */
export function linesInBlock(current: string, lines: readonly string[], next: string | undefined): LinesInBlock {
  const base = indentation(current);
  if (next !== undefined && indentation(next) > base) return { count: 0, ended: true };
  let count = 0;
  let hasBody = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const depth = indentation(line);
    const closes = depth === base && closing.test(line);
    const isPast = depth < base || (depth === base && hasBody && !closes);
    if (isPast || line.trim() === next?.trim()) return { count, ended: true };
    count = index + 1;
    if (closes && !opening.test(line)) return { count, ended: true };
    hasBody = depth > base;
  }
  return { count, ended: false };
}

/** Columns before the first character. */
function indentation(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === '\t') columns += tabColumns - (columns % tabColumns);
    else if (character === ' ') columns++;
    else break;
  }
  return columns;
}
