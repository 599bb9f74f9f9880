import type { Runner, Suite, Test } from 'mocha';

/** What a run leaves behind for the script that started it. */
export interface HostResults {
  passed: number;
  failed: number;
  skipped: { title: string; reason: string }[];
  /** Failed at the first try: an editor on a busy machine is not the same from run to run. */
  retried: { title: string; reason: string }[];
}

function skipReason(test: Test): string {
  let place: (Test | Suite) & { skipReason?: string } = test;
  while (place.skipReason === undefined) {
    if (place.parent === undefined) return 'marked as skipped in its source';
    place = place.parent;
  }
  return place.skipReason;
}

function collectResults(runner: Runner, results: HostResults): void {
  runner.on('pass', () => results.passed++);
  runner.on('retry', (test: Test, error: Error) =>
    results.retried.push({ title: test.fullTitle(), reason: error.stack ?? error.message }),
  );
  runner.on('fail', () => results.failed++);
  runner.on('pending', (test) => results.skipped.push({ title: test.fullTitle(), reason: skipReason(test) }));
}

/** Runs what was added to `mocha` and counts. */
export async function runMocha(mocha: Mocha): Promise<HostResults> {
  const results: HostResults = { passed: 0, failed: 0, skipped: [], retried: [] };
  await new Promise<void>((resolve) =>
    collectResults(
      mocha.run(() => resolve()),
      results,
    ),
  );
  return results;
}
