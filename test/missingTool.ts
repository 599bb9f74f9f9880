import { isCi } from '../scripts/checks/ci.mjs';

/**
 * Skips a test whose tool is not installed, with the reason. In CI, where the set-up has to bring it, that is a failure.
 * @param skip vitest's, of the running test
 */
export function missingTool(skip: (reason: string) => never, reason: string): never {
  if (isCi()) throw new Error(`${reason}; CI must not leave this test out`);
  return skip(reason);
}
