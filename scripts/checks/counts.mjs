/** @typedef {{passed: number, failed: number}} Counts */

/**
 * @param {string} output of a test run that ends with its counts, as Mocha ("3 passing") and others ("3 passed") write them
 * @returns {Counts}
 */
export function countsInOutput(output) {
  return {
    passed: lastCount(output, /(\d+) (?:passing|passed)\b/g),
    failed: lastCount(output, /(\d+) (?:failing|failed)\b/g),
  };
}

/**
 * @param {string} output of a run of Node's own test runner
 * @returns {Counts}
 */
export function countsOfNode(output) {
  return { passed: lastCount(output, /^\S* ?pass (\d+)$/gm), failed: lastCount(output, /^\S* ?fail (\d+)$/gm) };
}

/**
 * @param {string} output
 * @param {RegExp} pattern
 */
function lastCount(output, pattern) {
  return Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
}

/**
 * @param {unknown} report what vitest's JSON reporter wrote
 * @returns {Counts} a file that could not even be loaded counts as one failure
 */
export function countsInReport(report) {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = /** @type {VitestReport} */ (report ?? {});
  const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/**
 * @typedef {object} VitestReport
 * @property {number} [numPassedTests]
 * @property {number} [numFailedTests]
 * @property {{status: string, assertionResults: unknown[]}[]} [testResults]
 */

/**
 * @param {readonly Counts[]} counts
 * @returns {string} the last line of a test run
 */
export function countsLine(counts) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((total, entry) => total + entry[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
