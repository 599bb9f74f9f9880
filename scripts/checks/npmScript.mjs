import { runProgram } from '../setup/childProcess.mjs';
import { npmCommand } from '../setup/npmPackages.mjs';
import { projectRoot } from '../setup/prepare.mjs';

/**
 * Runs a script of package.json, which writes to our own terminal.
 * @param {string} script
 * @param {readonly string[]} [extra] arguments
 * @returns {Promise<import('./runSteps.mjs').StepResult>}
 */
export async function npmScript(script, extra = []) {
  const { command, args, shell } = npmCommand();
  const options = { cwd: projectRoot, inherit: true, shell };
  const { code } = await runProgram(command, [...args, 'run', '--silent', script, '--', ...extra], options);
  return { code };
}
