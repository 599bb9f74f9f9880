// npm run base -- STEP: the base model, from pinned packages to weights (docs/base-model.md).
import path from 'node:path';
import { calibrateBase } from './base/calibrate.mjs';
import { pinDelivered } from './base/pin.mjs';
import { publishBase } from './base/publish.mjs';
import { buildCorpus, proveBuiltCorpus } from './base/steps.mjs';
import { trainBase } from './base/training.mjs';
import { readJson } from './setup/jsonFile.mjs';

const projectRoot = path.resolve(import.meta.dirname, '..');
const folder = path.resolve(process.env.RECUR_BASE_DIR ?? path.join(projectRoot, '.cache/base'));
const log = (/** @type {string} */ line) => console.log(line);

/** What each step does; some take arguments. @type {Record<string, (rest: string[]) => Promise<number>>} */
const steps = {
  pin: () => pinDelivered(path.join(folder, 'packages'), log),
  corpus: () => buildCorpus(folder, log),
  prove: () => proveBuiltCorpus(folder, log),
  train: (rest) => trainBase(folder, rest),
  publish: async ([model = newestModel()]) => {
    const bytes = await publishBase(model, path.join(projectRoot, 'media/base'));
    log(`media/base/model.onnx: ${bytes} bytes, from ${model}`);
    return 0;
  },
  calibrate: async ([project]) => {
    if (project === undefined) throw new Error('Name a folder of sources: npm run base -- calibrate FOLDER.');
    await calibrateBase(path.resolve(project), path.join(projectRoot, 'media/base'));
    return 0;
  },
};

function newestModel() {
  const run = path.join(folder, 'run');
  const { model } = /** @type {{model?: string}} */ (readJson(path.join(run, 'current.json')) ?? {});
  if (model === undefined) throw new Error(`There is no model in ${run}: run npm run base -- train first.`);
  return path.join(run, 'models', model);
}

const [name = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(steps, name)) {
  console.error(`Usage: npm run base -- ${Object.keys(steps).join('|')} [ARGUMENTS]`);
  process.exit(2);
}
try {
  process.exitCode = (await steps[name]?.(rest)) ?? 2;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
