// npm test: set-up, build, style, types, unit tests, and the suites that run inside a real VS Code.
import { nodeVersionProblem } from './setup/nodeVersion.mjs';

const problem = nodeVersionProblem(process.version);
if (problem === undefined) {
  // Loaded only now: an old Node could not even read the rest.
  const { testAll } = await import('./checks/testSteps.mjs');
  process.exitCode = await testAll();
} else {
  console.error(problem);
  process.exitCode = 1;
}
