import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';
import { prepare, projectRoot } from '../setup/prepare.mjs';
import { runProgram } from '../setup/childProcess.mjs';
import { changedFiles } from './changedFiles.mjs';
import { countsInReport } from './counts.mjs';
import { npmScript } from './npmScript.mjs';
import { runSteps } from './runSteps.mjs';
import { slowTests } from './slowTests.mjs';

/** @typedef {import('./runSteps.mjs').StepResult} StepResult */

const report = path.join('test-results', 'check.json');

/**
 * Runs what finds most mistakes in under a minute: for what changed, style, types, lint and the unit tests that reach it,
 * but for those that start whole trainings or processes.
 * @param {string} [base] commit that the change began at
 * @returns {Promise<number>} exit status
 */
export async function checkChanges(base) {
  const files = await changedFiles(projectRoot, base);
  const code = files.filter((file) => /\.([cm]?js|m?ts)$/.test(file));
  console.log(`check: ${files.length} files changed${files.length === 0 ? ', so only the types are looked at' : ''}`);
  /** Begun before the steps that follow, which leave a processor free. */
  let types = Promise.resolve(/** @type {import('../setup/childProcess.mjs').Outcome | undefined} */ (undefined));
  return runSteps(
    [
      {
        name: 'set-up',
        run: async () => {
          await prepare();
          types = checkTypes();
          return { code: 0 };
        },
        needed: true,
      },
      {
        name: 'format',
        run: () => forAny(files, (some) => tool('prettier/bin/prettier.cjs', ['--check', '--ignore-unknown', ...some])),
      },
      { name: 'lint', run: () => forAny(code, (some) => tool('eslint/bin/eslint.js', ['--no-warn-ignored', ...some])) },
      { name: 'imports', run: () => npmScript('lint:imports') },
      {
        name: 'types',
        run: async () => {
          const { code = 1, output = '' } = (await types) ?? {};
          if (output !== '') console.log(output.trimEnd());
          return { code };
        },
      },
      { name: 'unit tests', run: () => forAny(code, runRelatedTests) },
    ],
    (line) => console.log(line),
  );
}

/** What it writes is collected, as it runs beside others. */
function checkTypes() {
  const file = path.join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = ['-p', '.', '--incremental', '--tsBuildInfoFile', '.cache/types.tsbuildinfo'];
  return runProgram(process.execPath, [file, ...args], { cwd: projectRoot });
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
  console.log(`check: left to npm test: ${slowTests.join(', ')}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const left = slowTests.map((pattern) => `--exclude=${pattern}`);
  const { code } = await tool('vitest/vitest.mjs', [
    'related',
    '--run',
    '--passWithNoTests',
    ...reporters,
    ...left,
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
  const file = path.join(projectRoot, 'node_modules', script);
  const { code } = await runProgram(process.execPath, [file, ...args], { cwd: projectRoot, inherit: true });
  return { code };
}
