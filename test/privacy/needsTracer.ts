import { isCi } from '../../scripts/checks/ci.mjs';
import { tracingProblem } from '../../scripts/privacy/trace.mjs';

/**
 * Skips a test where nothing can be traced, with the reason. In CI a tracer that could have been installed must be there.
 * @param skip vitest's, of the running test
 */
export function needsTracer(skip: (reason: string) => never): void {
  const problem = tracingProblem();
  if (problem === undefined) return;
  if (isCi() && problem.avoidable) throw new Error(`${problem.reason}; CI must not leave this test out`);
  skip(problem.reason);
}
