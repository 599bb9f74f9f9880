import { otherToken } from '../../text/vocabulary';
import type { Candidate, CodeSource } from './codeCandidates';
import { blank, fileStart, lineEnd } from './characterKinds';
import { firstName } from './codeIndex';
import { lengthAt } from './codeScanning';
import type { NameImage } from './nameImages';

/** Longer runs of blanks and longer lines are cut. */
const longestLine = 400;

type Readable = Pick<CodeSource, 'text' | 'characters'>;

/** Where the line of the cursor begins, for candidates that begin a line too. */
export interface LineBegin {
  /** Blanks before the line above, and one of them. */
  readonly indentation: number;
  readonly sign: number;
}

/** Vocabulary token of a candidate's continuation, which must reach so far: see {@link extend}. */
export function characterOf({ source, first, changed }: Candidate, at: number): number {
  return changed === undefined ? source.text.tokens[first - source.index.direction * at]! : changed[at]!;
}

/**
 * Adds one code token to what a candidate says comes next: the blanks that stand there, then the token, names renamed. As long
 * as nothing is another one here than there it is read where it stands.
 * @param line undefined unless the cursor stands at the start of a line: the candidate's step in or out is taken from there
 * @returns false where the text ends
 */
export function extend(candidate: Candidate, imageOf: NameImage, line: LineBegin | undefined): boolean {
  const { source, next: place, pairs } = candidate;
  const { index, text } = source;
  if (place === candidate.end) return false;
  const step = -index.direction;
  const length = lengthAt(index, text, place);
  const start = index.direction < 0 ? index.starts[place]! : index.starts[place]! + length - 1;
  // Behind the end of a file another one begins.
  if (text.tokens[start]! < otherToken) return false;
  candidate.next += step;
  const blanks = blanksBefore(source, start, step);
  const from = candidate.reach;
  if (from === 0) begin(candidate, start, blanks, line);
  else if (candidate.changed !== undefined) copy(candidate, start - step * blanks, blanks);
  if (from > 0) candidate.reach += blanks;
  const code = index.codes[place]!;
  const image = code >= firstName && pairs !== undefined ? imageOf(code - firstName, pairs) : undefined;
  if (image === undefined) {
    if (candidate.changed !== undefined) copy(candidate, start, length);
    candidate.reach += length;
    return true;
  }
  candidate.renamedFrom = Math.min(candidate.renamedFrom, from);
  candidate.changed ??= Array.from({ length: candidate.reach }, (_, at) => characterOf(candidate, at));
  for (const token of image) candidate.changed.push(token);
  candidate.reach += image.length;
  return true;
}

function copy({ source, changed }: Candidate, start: number, length: number): void {
  for (let at = 0; at < length; at++) changed!.push(source.text.tokens[start - source.index.direction * at]!);
}

/** The blanks before the first code token; at the start of a line the same step in or out as there, from the line above here. */
function begin(candidate: Candidate, start: number, blanks: number, line: LineBegin | undefined): void {
  const { source } = candidate;
  const step = -source.index.direction;
  const before = start - step * (blanks + 1);
  if (line === undefined || kindAt(source, before) !== lineEnd) {
    candidate.first = start - step * blanks;
    candidate.reach = blanks;
    return;
  }
  const above = lineAbove(source, before, step);
  const count = kindAt(source, start) === lineEnd ? 0 : Math.max(0, line.indentation + blanks - above.indentation);
  const sign = line.indentation === 0 && blanks > 0 ? source.text.tokens[start - step]! : line.sign;
  candidate.changed = new Array<number>(count).fill(sign);
  candidate.reach = count;
}

/** How far the line is indented that ends at a place, and the character that begins it. */
export function lineAbove(source: Readable, end: number, step: number): { indentation: number; first: number } {
  let at = end - step;
  for (let left = longestLine; left > 0 && !isBoundary(kindAt(source, at)); left--) at -= step;
  const first = at + step;
  let indentation = 0;
  while (indentation < longestLine && kindAt(source, first + step * indentation) === blank) indentation++;
  return { indentation, first };
}

function isBoundary(kind: number | undefined): boolean {
  return kind === undefined || kind === lineEnd || kind === fileStart;
}

function blanksBefore(source: Readable, start: number, step: number): number {
  let blanks = 0;
  while (blanks < longestLine && kindAt(source, start - step * (blanks + 1)) === blank) blanks++;
  return blanks;
}

/** Kind of the character at a place of the text; undefined outside of it. */
function kindAt({ text: { tokens, kinds }, characters }: Readable, at: number): number | undefined {
  return at < 0 || at >= characters ? undefined : kinds[tokens[at]!];
}
