import type { ReviewedLine } from './engine';

/** Of the changed lines one in so many is shown, the oddest ones; one at least. */
const linesForEachShown = 20;

/** Reviewed lines, the oddest first. */
export function ranked(reviewed: readonly ReviewedLine[]): ReviewedLine[] {
  return [...reviewed].sort((a, b) => b.score - a.score);
}

/** How many of so many changed lines are shown. */
export function shownOf(lines: number): number {
  return Math.max(1, Math.floor(lines / linesForEachShown));
}
