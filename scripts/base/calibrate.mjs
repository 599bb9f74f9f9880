// Fits how far the memory is trusted beside the base model, and what confidence means for both, to a project's files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAll } from '../build.mjs';
import { runProgram } from '../setup/childProcess.mjs';
import { readJson } from '../setup/jsonFile.mjs';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/**
 * @param {string} project folder with sources that the model has not read and that no figure is given for
 * @param {string} model folder of the base model, which gets `calibration.json` and `confidence.json`
 */
export async function calibrateBase(project, model) {
  await buildAll({ log: () => undefined });
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-base-'));
  try {
    // A run with the weights as they are: what is fitted is fitted to the held-out files of a run.
    await recur('train', project, '--steps', '1', '--learning-rate', '1e-9', '--from', model, '--out', folder);
    const measured = ['--split', 'test', '--completions', '--with-memory', '--positions', '100'];
    await recur('evaluate', ...measured, '--model', folder);
    const { model: id } = /** @type {{model: string}} */ (readJson(path.join(folder, 'current.json')));
    const fitted = path.join(folder, 'calibration', id);
    writeRounded(path.join(model, 'calibration.json'), readJson(`${fitted}.json`));
    const { formatVersion, both } = /** @type {Confidence} */ (readJson(`${fitted}.confidence.json`));
    const { places, models, coefficients } = both;
    // What is special about the kinds of files of one project says nothing about others.
    const kept = { places, models, coefficients, offsets: {} };
    writeRounded(path.join(model, 'confidence.json'), { formatVersion, both: kept });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} file @param {unknown} value */
function writeRounded(file, value) {
  const rounded = (/** @type {string} */ _, /** @type {unknown} */ part) =>
    typeof part === 'number' ? Number(part.toPrecision(4)) : part;
  writeFileSync(file, `${JSON.stringify(value, rounded)}\n`);
}

/**
 * @typedef {{formatVersion: number, both: {places: number, models: string[], coefficients: number[]}}} Confidence
 */

/** @param {string[]} command */
async function recur(...command) {
  const program = [path.join(projectRoot, 'dist/cli.js'), ...command];
  const { code } = await runProgram(process.execPath, program, { inherit: true });
  if (code !== 0) throw new Error(`recur ${command[0]} ended with ${code}.`);
}
