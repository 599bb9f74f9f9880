import { diffArrays } from 'diff';

/** Lines that stand in the place of others. */
export interface ChangedLines {
  /** Index of the first one in the later text. */
  readonly from: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Index of the line of the earlier text that follows. */
  readonly next: number;
}

/** Texts that differ in more lines than this are different texts: comparing them would take very long. */
const mostDifferences = 1_500;

/**
 * The shortest list of changes between the lines of two texts (Myers 1986).
 * @returns undefined where they have hardly anything in common
 */
export function changedLines(before: string, after: string): ChangedLines[] | undefined {
  const changes = diffArrays(before.split('\n'), after.split('\n'), { maxEditLength: mostDifferences });
  if (changes === undefined) return undefined;
  const result: ChangedLines[] = [];
  let [from, next] = [0, 0];
  let [added, removed]: [string[], string[]] = [[], []];
  const flush = (): void => {
    if (added.length > 0 || removed.length > 0) result.push({ from: from - added.length, added, removed, next });
    [added, removed] = [[], []];
  };
  for (const change of changes) {
    if (change.added) {
      added.push(...change.value);
      from += change.count;
    } else if (change.removed) {
      removed.push(...change.value);
      next += change.count;
    } else {
      flush();
      from += change.count;
      next += change.count;
    }
  }
  flush();
  return result;
}
