import type { Reporter, TestModule } from 'vitest/node';

/** Says of every skipped test why: nothing is left out in silence. */
export default class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = ('note' in result ? result.note : undefined) ?? 'not for this platform';
        console.log(`skipped: ${test.fullName} (${reason})`);
      }
    }
  }
}
