// npm run code [-- FOLDER]: a real editor on FOLDER (default: this repository) with Recur loaded and FOLDER/.recur in use.
import { nodeVersionProblem } from './setup/nodeVersion.mjs';

const problem = nodeVersionProblem(process.version);
if (problem === undefined) {
  try {
    // Loaded only now: an old Node could not even read the rest.
    const { openForUser } = await import('./host/userEditor.mjs');
    await openForUser(process.argv[2]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
} else {
  console.error(problem);
  process.exitCode = 1;
}
