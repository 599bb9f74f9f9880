import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';
import { prepare, projectRoot } from '../setup/prepare.mjs';
import { runProgram } from '../setup/childProcess.mjs';
import { changedFiles } from './changedFiles.mjs';
import { countsInReport } from './counts.mjs';
import { runSteps } from './runSteps.mjs';
import { slowTestsLeft } from './slowTests.mjs';

/**
 * @typedef {import('./runSteps.mjs').StepResult} StepResult
 * @typedef {import('../setup/childProcess.mjs').Outcome} Outcome
 */

const report = path.join('test-results', 'check.json');

/**
 * Runs what finds most mistakes in under a minute: for what changed, style, types, lint and the unit tests that reach it,
 * but for the slow ones of other files. Circles and packages that nothing imports are left to npm test, too.
 * @param {string} [base] commit that the change began at
 * @returns {Promise<number>} exit status
 */
export async function checkChanges(base) {
  const files = await changedFiles(projectRoot, base);
  const code = files.filter((file) => /\.([cm]?js|m?ts)$/.test(file));
  console.log(`check: ${files.length} files changed${files.length === 0 ? ', so only the types are looked at' : ''}`);
  /** Begun with the set-up done, one after the other: they keep one processor busy, the unit tests the others. */
  let types = notRun;
  let lint = notRun;
  return runSteps(
    [
      {
        name: 'set-up',
        run: async () => {
          await prepare();
          types = checkTypes();
          lint = types.then(() => (code.length === 0 ? notRun : lintFiles(code)));
          return { code: 0 };
        },
        needed: true,
      },
      {
        name: 'format',
        run: () => forAny(files, (some) => tool('prettier/bin/prettier.cjs', ['--check', '--ignore-unknown', ...some])),
      },
      { name: 'unit tests', run: () => forAny(code, runRelatedTests) },
      { name: 'types', run: () => told(types) },
      { name: 'lint', run: () => told(lint) },
    ],
    (line) => console.log(line),
  );
}

/** @type {Promise<Outcome>} */
const notRun = Promise.resolve({ code: 0, signal: null, output: '' });

function checkTypes() {
  return collected('typescript/bin/tsc', ['-p', '.', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo']);
}

/** @param {readonly string[]} files */
function lintFiles(files) {
  return collected('eslint/bin/eslint.js', ['--no-warn-ignored', ...files]);
}

/**
 * Tells of a step that ran beside others.
 * @param {Promise<Outcome>} outcome
 * @returns {Promise<StepResult>}
 */
async function told(outcome) {
  const { code, output } = await outcome;
  if (output !== '') console.log(output.trimEnd());
  return { code };
}

/**
 * @param {readonly string[]} files
 * @param {(files: readonly string[]) => Promise<StepResult>} step
 * @returns {Promise<StepResult>}
 */
function forAny(files, step) {
  return files.length === 0 ? Promise.resolve({ code: 0 }) : step(files);
}

/**
 * @param {readonly string[]} files
 * @returns {Promise<StepResult>}
 */
async function runRelatedTests(files) {
  const left = slowTestsLeft(projectRoot, files);
  console.log(`check: ${left.length} files of slow tests are left to npm test`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await tool('vitest/vitest.mjs', [
    'related',
    '--run',
    '--passWithNoTests',
    ...reporters,
    ...left.map((file) => `--exclude=${file}`),
    ...files,
  ]);
  return { code, counts: countsInReport(readJson(path.join(projectRoot, report))) };
}

/**
 * Runs the program of a package.
 * @param {string} script below node_modules
 * @param {readonly string[]} args
 * @returns {Promise<StepResult>}
 */
async function tool(script, args) {
  const { code } = await runProgram(process.execPath, [scriptPath(script), ...args], {
    cwd: projectRoot,
    inherit: true,
  });
  return { code };
}

/**
 * The same, but what it writes is collected.
 * @param {string} script
 * @param {readonly string[]} args
 */
function collected(script, args) {
  return runProgram(process.execPath, [scriptPath(script), ...args], { cwd: projectRoot });
}

/** @param {string} script */
function scriptPath(script) {
  return path.join(projectRoot, 'node_modules', script);
}
