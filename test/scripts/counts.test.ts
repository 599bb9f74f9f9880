import { describe, expect, it } from 'vitest';
import { countsInOutput, countsInReport, countsLine, countsOfNode } from '../../scripts/checks/counts.mjs';

describe('the counts of a test run', () => {
  it('are read from the end of what Mocha writes', () => {
    expect(countsInOutput('  2 passing (1s)\n\nagain\n  12 passing (3s)\n  1 failing\n')).toEqual({
      passed: 12,
      failed: 1,
    });
  });

  it('are read from a line like our own', () => {
    expect(countsInOutput('7 passed, 2 failed\n')).toEqual({ passed: 7, failed: 2 });
  });

  it("are read from what Node's own test runner writes", () => {
    const output = '▶ a job\n  ✔ may pass 3\n✔ a job\nℹ tests 5\nℹ pass 4\nℹ fail 1\nℹ skipped 0\n';
    expect(countsOfNode(output)).toEqual({ passed: 4, failed: 1 });
  });

  it('are zero where nothing was run', () => {
    expect(countsInOutput('the host did not start')).toEqual({ passed: 0, failed: 0 });
    expect(countsInReport(undefined)).toEqual({ passed: 0, failed: 0 });
  });

  it('take a file that does not load for a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{}] },
      ],
    };
    expect(countsInReport(report)).toEqual({ passed: 3, failed: 2 });
  });

  it('are summed in the last line', () => {
    const line = countsLine([
      { passed: 3, failed: 0 },
      { passed: 4, failed: 1 },
    ]);
    expect(line).toBe('7 passed, 1 failed');
  });
});
