import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findProgram, runProgram } from '../setup/childProcess.mjs';
import { browserRequirements } from '../host/requirements.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { log, prepare, projectRoot } from '../setup/prepare.mjs';
import { ensureOnnxPython } from '../setup/python.mjs';
import { git, installSystemPackages } from '../setup/systemPackages.mjs';
import { prepareTeam } from '../team/prepareTeam.mjs';
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
  /** Begun with what looks at the sources, which has one processor busy: servers and workers wait for each other for the most part. */
  let teamTests = Promise.resolve(/** @type {ProgramOutcome | undefined} */ (undefined));
  /** Begun with the unit tests: they run file after file, and an editor is waited for most of the time. */
  let hostTests = Promise.resolve(/** @type {ProgramOutcome | undefined} */ (undefined));
  /** @type {Step[]} */
  const steps = [
    { name: 'set-up', run: setUp, needed: true },
    { name: 'test tools', run: installTestTools },
    { name: 'build', run: buildBundles },
    {
      name: 'format',
      run: () => {
        teamTests = runScript('team.mjs', 'test');
        return npmScript('format:check');
      },
    },
    { name: 'lint', run: () => npmScript('lint') },
    { name: 'imports', run: () => npmScript('lint:imports') },
    { name: 'types', run: () => npmScript('typecheck') },
    { name: 'team', run: async () => tell(await teamTests, countsOfNode) },
    {
      name: 'unit tests',
      run: () => {
        console.log('test: the tests inside VS Code run beside them, and tell of themselves below');
        hostTests = runScript('testHost.mjs');
        return runUnitTests();
      },
    },
    { name: 'tests inside VS Code', run: async () => tell(await hostTests, countsInOutput) },
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
    // Before ESLint looks at what is installed.
    await prepareTeam(projectRoot, (line) => log(`team: ${line}`)),
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

/**
 * What it writes is collected, as it runs beside others.
 * @param {string} name of scripts/
 * @param {readonly string[]} args
 */
function runScript(name, ...args) {
  return runProgram(process.execPath, [path.join(projectRoot, 'scripts', name), ...args], { cwd: projectRoot });
}

/**
 * Writes what has run beside others.
 * @param {ProgramOutcome | undefined} outcome undefined where it was not begun
 * @param {(output: string) => import('./counts.mjs').Counts} count
 * @returns {StepResult}
 */
function tell(outcome, count) {
  const { code = 1, output = '' } = outcome ?? {};
  console.log(output.trimEnd());
  return { code, counts: count(output) };
}
