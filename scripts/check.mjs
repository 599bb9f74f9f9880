// npm run check [-- BASE]: style, types, lint and quick unit tests of what changed since BASE (default: the main branch).
import { nodeVersionProblem } from './setup/nodeVersion.mjs';

const problem = nodeVersionProblem(process.version);
if (problem === undefined) {
  // Loaded only now: an old Node could not even read the rest.
  const { checkChanges } = await import('./checks/changeSteps.mjs');
  process.exitCode = await checkChanges(process.argv[2]);
} else {
  console.error(problem);
  process.exitCode = 1;
}
