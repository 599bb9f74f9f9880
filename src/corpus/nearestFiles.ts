import type { Candidate } from './fileCandidates';

/**
 * The files that are kept where there is too much text: those in the nearest folders first, the most recently changed first
 * among them, as long as they fit.
 * @param near path of the document that the folders are near to, as in the corpus
 * @param mostBytes of all files together
 * @returns in the order given
 */
export function chooseNearest(candidates: readonly Candidate[], near: string, mostBytes: number): Candidate[] {
  const steps = new Map(candidates.map(({ path }) => [path, folderSteps(path, near)]));
  const order = [...candidates].sort(
    (a, b) => steps.get(a.path)! - steps.get(b.path)! || b.modifiedMs - a.modifiedMs || (a.path < b.path ? -1 : 1),
  );
  let bytes = 0;
  const kept = new Set<Candidate>();
  for (const candidate of order) {
    if (bytes + candidate.bytes > mostBytes) continue;
    bytes += candidate.bytes;
    kept.add(candidate);
  }
  return candidates.filter((candidate) => kept.has(candidate));
}

/** Steps up and down from the folder of one file to that of another. */
function folderSteps(path: string, other: string): number {
  const [a, b] = [path, other].map((file) => file.split('/').slice(0, -1));
  let common = 0;
  while (common < Math.min(a!.length, b!.length) && a![common] === b![common]) common++;
  return a!.length + b!.length - 2 * common;
}
