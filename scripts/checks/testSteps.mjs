import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findProgram, runProgram } from '../setup/childProcess.mjs';
import { browserRequirements } from '../host/requirements.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { log, prepare, projectRoot } from '../setup/prepare.mjs';
import { ensureOnnxPython } from '../setup/python.mjs';
import { git, installSystemPackages } from '../setup/systemPackages.mjs';
import { tracer } from '../privacy/trace.mjs';
import { compressors } from './compressors.mjs';
import { countsInOutput, countsInReport, countsOfNode } from './counts.mjs';
import { isCi } from './ci.mjs';
import { npmScript } from './npmScript.mjs';
import { runSteps } from './runSteps.mjs';

/**
 * @typedef {import('./runSteps.mjs').Step} Step
 * @typedef {import('./runSteps.mjs').StepResult} StepResult
 * @typedef {import('../setup/childProcess.mjs').Outcome} ProgramOutcome
 */

const unitReport = path.join(projectRoot, 'test-results', 'unit.json');

/** @type {import('../setup/systemPackages.mjs').SystemPackage} */
const neovim = {
  name: 'neovim',
  purpose: 'asking the language server from an editor',
  present: () => process.platform !== 'linux' || findProgram(['nvim']) !== undefined,
};

/**
 * Runs everything that CI checks.
 * @returns {Promise<number>} exit status
 */
export function testAll() {
  /** Begun with the unit tests: they run file after file, and an editor is waited for most of the time. */
  let hostTests = Promise.resolve(/** @type {ProgramOutcome | undefined} */ (undefined));
  /** @type {Step[]} */
  const steps = [
    { name: 'set-up', run: setUp, needed: true },
    { name: 'test tools', run: installTestTools },
    { name: 'build', run: buildBundles },
    { name: 'format', run: () => npmScript('format:check') },
    { name: 'lint', run: () => npmScript('lint') },
    { name: 'imports', run: () => npmScript('lint:imports') },
    { name: 'types', run: () => npmScript('typecheck') },
    {
      name: 'unit tests',
      run: () => {
        console.log('test: the tests inside VS Code run beside them, and tell of themselves below');
        hostTests = runHostTests();
        return runUnitTests();
      },
    },
    { name: 'team', run: runTeamTests },
    {
      name: 'tests inside VS Code',
      run: async () => {
        const { code = 1, output = '' } = (await hostTests) ?? {};
        console.log(output.trimEnd());
        return { code, counts: countsInOutput(output) };
      },
    },
  ];
  return runSteps(steps, (line) => console.log(line));
}

/** @returns {Promise<StepResult>} */
async function setUp() {
  await prepare();
  return { code: 0 };
}

/** @returns {Promise<StepResult>} */
async function installTestTools() {
  const needed = await installSystemPackages([git, ...browserRequirements], log);
  const judges = [
    await installSystemPackages([...compressors, tracer, neovim], log),
    await ensureOnnxPython(projectRoot, log),
  ];
  const problems = judges.filter((problem) => problem !== undefined);
  problems.forEach(log);
  if (needed !== undefined) throw new Error(needed);
  // Elsewhere the tests that need them are skipped, with the reason.
  return { code: isCi() && problems.length > 0 ? 1 : 0 };
}

/** @returns {Promise<StepResult>} */
async function buildBundles() {
  const { buildAll } = await import('../build.mjs');
  await buildAll({ log: (line) => console.log(`build: ${line}`) });
  return { code: 0 };
}

/** @returns {Promise<StepResult>} */
async function runUnitTests() {
  rmSync(unitReport, { force: true });
  mkdirSync(path.dirname(unitReport), { recursive: true });
  const reporters = ['default', './test/toldTests.mts', 'json'].map((name) => `--reporter=${name}`);
  // What fails once and then passes is told with its name; what fails twice has failed.
  const { code } = await npmScript('test:unit', [...reporters, '--retry=1', `--outputFile.json=${unitReport}`]);
  return { code, counts: countsInReport(readJson(unitReport)) };
}

/** What it writes is collected, as it runs beside others. */
function runHostTests() {
  return runProgram(process.execPath, [path.join(projectRoot, 'scripts', 'testHost.mjs')], { cwd: projectRoot });
}

/** @returns {Promise<StepResult>} */
async function runTeamTests() {
  const script = path.join(projectRoot, 'scripts', 'team.mjs');
  const { code, output } = await runProgram(process.execPath, [script, 'test'], { cwd: projectRoot, echo: true });
  return { code, counts: countsOfNode(output) };
}
