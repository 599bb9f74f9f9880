import type { Random } from '../../core/random';
import { secretMark } from '../../core/secretMark';
import type { SourceDocument } from '../../text/document';
import { changedLines } from '../../text/lineChanges';
import { drawDistinct, licenceHeaderEnd } from './evaluationPlaces';

/** A text that was changed, before and after. */
export interface ChangedText {
  readonly before: string;
  /** Undefined: it is gone. */
  readonly after: SourceDocument | undefined;
}

/** A line that was added: from behind its leading blanks to behind its last character that is no blank. */
export interface AddedLine {
  /** UTF-16 units of the later text. */
  readonly start: number;
  readonly end: number;
  /** While it is typed, what stands below it: the earlier text from this place on; null: nothing. */
  readonly below: number | null;
}

/** What was added together, and what of it nobody has typed, in lines. */
export interface Additions {
  /** For each of the texts. */
  readonly lines: readonly (readonly AddedLine[])[];
  /** They stood elsewhere, or with other blanks, before. */
  readonly moved: number;
  /** Headers that speak of a licence, secrets, lines of data, texts that were replaced as a whole, and more than anybody types at once. */
  readonly notTyped: number;
}

/** Nobody types more lines than this in one commit. */
const mostLines = 2_000;
/** Nor lines that are longer. */
const longestLine = 400;
/** A shorter line that stands elsewhere is the same by chance. */
const shortestMoved = 12;

/** The lines that somebody has typed when texts were changed together, and how many others were added. */
export function additionsOf(changes: readonly ChangedText[]): Additions {
  const compared = changes.map(({ before, after }) => (after === undefined ? [] : changedLines(before, after.text)));
  const removed = new Set(removedLines(changes, compared));
  const counts = { moved: 0, notTyped: 0 };
  const lines = changes.map(({ before, after }, index): AddedLine[] => {
    if (after === undefined) return [];
    const hunks = compared[index];
    if (hunks === undefined) counts.notTyped += after.text.split('\n').length;
    return hunks === undefined ? [] : typedLines({ before, after: after.text }, hunks, removed, counts);
  });
  const total = lines.reduce((sum, { length }) => sum + length, 0);
  if (total <= mostLines) return { lines, ...counts };
  return { lines: lines.map(() => []), moved: counts.moved, notTyped: counts.notTyped + total };
}

type Hunks = NonNullable<ReturnType<typeof changedLines>>;

function removedLines(changes: readonly ChangedText[], compared: readonly (Hunks | undefined)[]): string[] {
  const gone = changes.filter(({ after }) => after === undefined).flatMap(({ before }) => before.split('\n'));
  const changed = compared.flatMap((hunks) => hunks ?? []).flatMap((hunk) => hunk.removed);
  return [...gone, ...changed].map((line) => line.trim()).filter((line) => line.length >= shortestMoved);
}

function typedLines(
  { before, after }: { readonly before: string; readonly after: string },
  hunks: Hunks,
  removed: ReadonlySet<string>,
  counts: { moved: number; notTyped: number },
): AddedLine[] {
  const [startsBefore, startsAfter] = [lineStarts(before), lineStarts(after)];
  const header = licenceHeaderEnd(after);
  return hunks.flatMap((hunk) => {
    const here = new Set(hunk.removed.map((line) => line.trim()));
    const below = startsBefore[hunk.next] ?? null;
    return hunk.added.flatMap((line, index): AddedLine[] => {
      const text = line.trim();
      if (text === '') return [];
      const start = startsAfter[hunk.from + index]! + line.length - line.trimStart().length;
      const isMoved = here.has(text) || removed.has(text);
      const isTyped = start >= header && text.length <= longestLine && !text.includes(secretMark);
      if (isMoved) counts.moved++;
      else if (!isTyped) counts.notTyped++;
      return isMoved || !isTyped ? [] : [{ start, end: start + text.length, below }];
    });
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Some of the lines, each as likely as every other; all where there are fewer. */
export function drawAdditions(
  additions: readonly (readonly (readonly AddedLine[])[])[],
  count: number,
  random: Random,
): AddedLine[][][] {
  const total = additions.flat(2).length;
  const drawn = new Set(drawDistinct(total, count, random));
  let index = 0;
  return additions.map((commit) => commit.map((lines) => lines.filter(() => drawn.has(index++))));
}
