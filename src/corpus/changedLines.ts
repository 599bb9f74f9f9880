import { diffArrays } from 'diff';

/** Texts that differ in more lines are taken as wholly changed: the search grows with the square of it. */
const mostDifferences = 10_000;

/**
 * The lines of a text that an older one does not have, by the shortest edit script between them.
 * @returns their numbers, from 0
 */
export function changedLines(before: readonly string[], after: readonly string[]): number[] {
  const parts = diffArrays<string>([...before], [...after], { maxEditLength: mostDifferences });
  if (parts === undefined) return [...after.keys()];
  const changed: number[] = [];
  let line = 0;
  for (const { added, removed, count } of parts) {
    if (removed) continue;
    if (added) for (let index = 0; index < count; index++) changed.push(line + index);
    line += count;
  }
  return changed;
}
