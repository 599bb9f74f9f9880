// npm run setup: makes a fresh clone ready. Nothing but Node itself is needed. Every other script runs it first; with --retry
// it tries again at once what could not be had within the last hour.
import { nodeVersionProblem } from './setup/nodeVersion.mjs';

const problem = nodeVersionProblem(process.version);
if (problem === undefined) {
  // Loaded only now: an old Node could not even read the rest.
  const { prepare } = await import('./setup/prepare.mjs');
  await prepare({ retry: process.argv.includes('--retry') }).catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
} else {
  console.error(problem);
  process.exitCode = 1;
}
