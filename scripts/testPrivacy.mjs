/**
 * npm run test:privacy: command line, trainer and engine, cut off from every network and traced, then the installed extension, cut
 * off. What cannot be had on this system is printed as the reason why a test was skipped.
 */
import { tracer } from './privacy/trace.mjs';
import { runProgram } from './setup/childProcess.mjs';
import { projectRoot } from './setup/prepare.mjs';
import { installSystemPackages } from './setup/systemPackages.mjs';

const suites = [
  ['node_modules/vitest/vitest.mjs', 'run', 'test/privacy'],
  ['scripts/testHost.mjs', '-g', 'installed into a clean profile'],
];

const problem = await installSystemPackages([tracer], (line) => console.log(`privacy: ${line}`));
if (problem !== undefined) console.log(problem);
let failed = false;
for (const suite of suites) {
  const { code } = await runProgram(process.execPath, suite, { cwd: projectRoot, echo: true });
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
