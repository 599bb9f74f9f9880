import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Says of every skipped test why, and of every test that passed at its second try what failed at the first: nothing happens in silence. */
export default class ToldTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('skipped'))
        console.log(`skipped: ${test.fullName} (${skipReason(test)})`);
      for (const test of module.children.allTests('passed')) {
        if ((test.diagnostic()?.retryCount ?? 0) === 0) continue;
        console.log(
          `failed at the first try: ${test.fullName} (${test.result().errors?.[0]?.message ?? 'no message'})`,
        );
      }
    }
  }
}

function skipReason(test: TestCase): string {
  const result = test.result();
  return ('note' in result ? result.note : undefined) ?? 'not for this platform';
}
