import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from '../setup/childProcess.mjs';
import { browserRequirements } from '../host/requirements.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { npmCommand } from '../setup/npmPackages.mjs';
import { log, prepare, projectRoot } from '../setup/prepare.mjs';
import { ensureOnnxPython } from '../setup/python.mjs';
import { git, installSystemPackages } from '../setup/systemPackages.mjs';
import { countsInOutput, countsInReport, countsLine } from './counts.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {{code: number, counts?: Counts}} StepResult */
/** @typedef {{name: string, run: () => Promise<StepResult>}} Step */

const unitReport = path.join(projectRoot, 'test-results', 'unit.json');

/** @type {Step[]} */
const steps = [
  { name: 'set-up', run: setUp },
  { name: 'build', run: buildBundles },
  { name: 'format', run: () => npmScript('format:check') },
  { name: 'lint', run: () => npmScript('lint') },
  { name: 'types', run: () => npmScript('typecheck') },
  { name: 'unit tests', run: runUnitTests },
  { name: 'tests inside VS Code', run: runHostTests },
];

/**
 * Runs every step and stops at the first that fails. The last line written is 'N passed, N failed'.
 * @returns {Promise<number>} exit status
 */
export async function testAll() {
  /** @type {Counts[]} */
  const counts = [];
  let code = 0;
  for (const step of steps) {
    const result = await runStep(step);
    counts.push(result.counts ?? { passed: 0, failed: 0 });
    code = result.code;
    if (code !== 0) {
      break;
    }
  }
  console.log(countsLine(counts));
  return code;
}

/**
 * @param {Step} step
 * @returns {Promise<StepResult>}
 */
async function runStep({ name, run }) {
  console.log(`\ntest: ${name} …`);
  const startMs = Date.now();
  const result = await run().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : String(error));
    return { code: 1 };
  });
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(`test: ${name} ${result.code === 0 ? 'done' : `FAILED (exit status ${result.code})`} in ${seconds} s`);
  return result;
}

/** @returns {Promise<StepResult>} */
async function setUp() {
  await prepare();
  const missing = await installSystemPackages([git, ...browserRequirements], log);
  if (missing !== undefined) {
    throw new Error(missing);
  }
  const onnxProblem = await ensureOnnxPython(projectRoot, log);
  if (onnxProblem !== undefined) {
    log(onnxProblem);
  }
  return { code: 0 };
}

/** @returns {Promise<StepResult>} */
async function buildBundles() {
  const { buildAll } = await import('../build.mjs');
  await buildAll({ log: (line) => console.log(`build: ${line}`) });
  return { code: 0 };
}

/**
 * @param {string} script
 * @param {string[]} [extra] arguments
 * @returns {Promise<StepResult>}
 */
async function npmScript(script, extra = []) {
  const { command, args, shell } = npmCommand();
  const options = { cwd: projectRoot, inherit: true, shell };
  const { code } = await runProgram(command, [...args, 'run', '--silent', script, '--', ...extra], options);
  return { code };
}

/** @returns {Promise<StepResult>} */
async function runUnitTests() {
  rmSync(unitReport, { force: true });
  mkdirSync(path.dirname(unitReport), { recursive: true });
  const reporters = ['default', './test/skippedTests.mts', 'json'].map((name) => `--reporter=${name}`);
  const { code } = await npmScript('test:unit', [...reporters, `--outputFile.json=${unitReport}`]);
  return { code, counts: countsInReport(readJson(unitReport)) };
}

/** @returns {Promise<StepResult>} */
async function runHostTests() {
  const script = path.join(projectRoot, 'scripts', 'testHost.mjs');
  const { code, output } = await runProgram(process.execPath, [script], { cwd: projectRoot, echo: true });
  return { code, counts: countsInOutput(output) };
}
