import { countsLine } from './counts.mjs';

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {{code: number, counts?: Counts}} StepResult exit status and, of a step that runs tests, how many
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<StepResult>} run what it throws is printed and counts as a failure
 * @property {boolean} [needed] nothing after it can run where it fails
 *
 * @typedef {{name: string, failed: boolean, counts: Counts}} Outcome
 */

/**
 * Runs every step, also after one that failed, and says at the end which did. The last line is 'N passed, N failed': a
 * step that failed without a failed test counts as one.
 * @param {readonly Step[]} steps
 * @param {(line: string) => void} print
 * @returns {Promise<number>} exit status
 */
export async function runSteps(steps, print) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const step of steps) {
    const outcome = await runStep(step, print);
    outcomes.push(outcome);
    if (outcome.failed && step.needed === true) break;
  }
  const failed = outcomes.filter((outcome) => outcome.failed);
  const left = steps.slice(outcomes.length).map(({ name }) => name);
  print('');
  if (failed.length > 0) print(`failed: ${failed.map(nameWithCount).join(', ')}`);
  if (left.length > 0) print(`not run: ${left.join(', ')}`);
  print(countsLine(outcomes.map(({ counts }) => counts)));
  return failed.length === 0 ? 0 : 1;
}

/**
 * @param {Step} step
 * @param {(line: string) => void} print
 * @returns {Promise<Outcome>}
 */
async function runStep({ name, run }, print) {
  print(`\ntest: ${name} …`);
  const startMs = Date.now();
  const { code, counts = { passed: 0, failed: 0 } } = await run().catch((/** @type {unknown} */ error) => {
    print(error instanceof Error ? error.message : String(error));
    return /** @type {StepResult} */ ({ code: 1 });
  });
  const failed = code !== 0 || counts.failed > 0;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  print(`test: ${name} ${failed ? `FAILED (exit status ${code})` : 'done'} in ${seconds} s`);
  return { name, failed, counts: { ...counts, failed: failed ? Math.max(1, counts.failed) : 0 } };
}

/** @param {Outcome} outcome */
function nameWithCount({ name, counts }) {
  return counts.failed > 1 || counts.passed > 0
    ? `${name} (${counts.failed} test${counts.failed === 1 ? '' : 's'})`
    : name;
}
