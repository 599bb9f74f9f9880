import { createVSIX } from '@vscode/vsce';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from '../build.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { filesBelow, readStore } from '../setup/nativeStore.mjs';
import { projectRoot } from '../setup/prepare.mjs';
import { storeName } from '../setup/tensorflow.mjs';
import { packageVersion } from '../setup/tensorflowDownload.mjs';
import { billOfMaterials } from './billOfMaterials.mjs';
import { checkStage } from './checkStage.mjs';
import { writeCompressed } from './compressVsix.mjs';
import { inspectVsix } from './inspectVsix.mjs';
import { thirdPartyNotices } from './notices.mjs';
import { packageOf } from './runtimeFiles.mjs';
import { carriedPackages, extensionFiles, stageExtension } from './stage.mjs';
import { hostTarget, missingProblem, nativeParts } from './targets.mjs';

/**
 * @typedef {import('./stage.mjs').StagedFile} StagedFile
 * @typedef {import('./targets.mjs').Target} Target
 * @typedef {(line: string) => void} Log
 */

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Builds, packs and inspects the package of a target; beside it lie its SHA-256 and its bill of materials.
 * @param {Target} target
 * @param {boolean} fallback whether it may be made without native libraries that cannot be had here
 * @param {Log} log
 * @returns {Promise<string>} the file
 * @throws {Error} where a native library is missing, or what was made is wrong; then there is no file
 */
export async function makePackage(target, fallback, log) {
  const native = nativeParts(projectRoot, target);
  const problem = missingProblem(target, native.missing);
  if (problem !== undefined && !fallback) throw new Error(problem);
  native.missing.forEach((name) => log(`without the native part of ${name}: WebAssembly does its work, slower`));
  const inputs = await buildAll({ log });
  const files = await extensionFiles(projectRoot, native.files);
  const stage = path.join(projectRoot, '.cache', `package-${target.name}`);
  stageExtension(projectRoot, stage, files);
  const bundled = inputs.filter((file) => file.startsWith('node_modules/')).map(packageOf);
  const packages = [...new Set([...bundled, ...carriedPackages(files)])].sort();
  writeFileSync(path.join(stage, 'ThirdPartyNotices.txt'), thirdPartyNotices(projectRoot, packages));
  const libraries = native.missing.includes('TensorFlow')
    ? []
    : [{ name: 'libtensorflow', version: tensorflowVersion() }];
  const bill = billOfMaterials(projectRoot, packages, { system: target.name, libraries });
  writeFileSync(path.join(stage, 'bom.cdx.json'), bill);
  const own = target.name === hostTarget();
  await checkStage(stage, {
    onnxruntime: own && !native.missing.includes('onnxruntime'),
    tensorflow: own && libraries.length > 0,
  });
  report(files, log);
  const file = await writeVsix(stage, target, log);
  await acceptVsix(file, stage, target, log);
  writeFileSync(`${file}.cdx.json`, bill);
  rmSync(stage, { recursive: true });
  return file;
}

function tensorflowVersion() {
  const folder = path.join(projectRoot, 'node_modules', '@tensorflow', 'tfjs-node');
  const store = path.join(projectRoot, '.cache', 'tensorflow', storeName(packageVersion(folder)));
  return readStore(store)?.version ?? packageVersion(folder);
}

/**
 * @param {string} stage
 * @param {Target} target
 * @param {Log} log
 * @returns {Promise<string>}
 */
async function writeVsix(stage, target, log) {
  const { version } = /** @type {{version: string}} */ (readJson(path.join(stage, 'package.json')));
  const file = path.join(projectRoot, `recur-${target.name}-${version}.vsix`);
  log(`compressing ${path.basename(file)} …`);
  /** @param {string} packagePath */
  const write = (packagePath) =>
    createVSIX({
      cwd: stage,
      packagePath,
      target: target.name,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
  await writeCompressed(file, { root: projectRoot, stored: `${stage}.vsix`, write, log });
  return file;
}

/**
 * Refuses what is wrong; otherwise writes its SHA-256 beside it, as `sha256sum --check` reads it.
 * @param {string} file
 * @param {string} stage
 * @param {Target} target
 * @param {Log} log
 */
async function acceptVsix(file, stage, target, log) {
  const problems = await inspectVsix(file, { root: projectRoot, stage, target, expected: filesBelow(stage), log });
  if (problems.length > 0) {
    rmSync(file);
    throw new Error([`${path.basename(file)} is wrong:`, ...problems].join('\n'));
  }
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  writeFileSync(`${file}.sha256`, `${sha256}  ${path.basename(file)}\n`);
  log(`${path.basename(file)}: ${megabytes(statSync(file).size)}, SHA-256 ${sha256}`);
}

/**
 * @param {readonly StagedFile[]} files
 * @param {Log} log
 */
function report(files, log) {
  const size = (/** @type {readonly StagedFile[]} */ some) =>
    some.reduce((total, { source }) => total + statSync(path.join(projectRoot, source)).size, 0);
  const part = (/** @type {string} */ prefix) => size(files.filter(({ source }) => source.startsWith(prefix)));
  log(`${files.length} files, ${megabytes(size(files))} unpacked, ${carriedPackages(files).length} packages carried`);
  log(`native TensorFlow ${megabytes(part('node_modules/@tensorflow/tfjs-node/deps'))}`);
  log(`onnxruntime ${megabytes(part('node_modules/onnxruntime-node/bin'))}, bundles ${megabytes(part('dist/'))}`);
}
