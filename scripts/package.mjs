// npm run package: makes recur-<platform>-<version>.vsix, which installs and works without network.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';
import { checkStage } from './package/checkStage.mjs';
import { thirdPartyNotices } from './package/notices.mjs';
import { packageOf } from './package/runtimeFiles.mjs';
import { carriedPackages, extensionFiles, stageExtension } from './package/stage.mjs';
import { readJson } from './setup/jsonFile.mjs';
import { projectRoot } from './setup/prepare.mjs';

/** @typedef {import('./package/stage.mjs').StagedFile} StagedFile */

/** @param {string} line */
const log = (line) => console.log(`package: ${line}`);

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** @returns {Promise<string>} the file */
async function makePackage() {
  const inputs = await buildAll({ log });
  const files = await extensionFiles(projectRoot);
  const stage = path.join(projectRoot, '.cache', 'package');
  stageExtension(projectRoot, stage, files);
  const bundled = inputs.filter((file) => file.startsWith('node_modules/')).map(packageOf);
  const notices = thirdPartyNotices(projectRoot, [...bundled, ...carriedPackages(files)]);
  writeFileSync(path.join(stage, 'ThirdPartyNotices.txt'), notices);
  const tensorflow = files.some(({ source }) => source.endsWith('/tfjs_binding.node'));
  if (!tensorflow) {
    log('there is no native TensorFlow here, so the package trains with WebAssembly, which is slower');
  }
  await checkStage(stage, { tensorflow });
  report(files);
  return await writeVsix(stage);
}

/**
 * @param {string} stage
 * @returns {Promise<string>}
 */
async function writeVsix(stage) {
  const target = `${process.platform}-${process.arch}`;
  const { version } = /** @type {{version: string}} */ (readJson(path.join(stage, 'package.json')));
  const file = path.join(projectRoot, `recur-${target}-${version}.vsix`);
  log(`compressing ${path.basename(file)} …`);
  await createVSIX({
    cwd: stage,
    packagePath: file,
    target,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  rmSync(stage, { recursive: true });
  log(`${path.basename(file)}: ${megabytes(statSync(file).size)}`);
  return file;
}

/** @param {readonly StagedFile[]} files */
function report(files) {
  const size = (/** @type {StagedFile[]} */ some) =>
    some.reduce((total, { source }) => total + statSync(path.join(projectRoot, source)).size, 0);
  const part = (/** @type {string} */ prefix) => size(files.filter(({ source }) => source.startsWith(prefix)));
  log(
    `${files.length} files, ${megabytes(size([...files]))} unpacked, ${carriedPackages(files).length} packages carried`,
  );
  log(`native TensorFlow ${megabytes(part('node_modules/@tensorflow/tfjs-node/deps'))}`);
  log(`onnxruntime ${megabytes(part('node_modules/onnxruntime-node/bin'))}, bundles ${megabytes(part('dist/'))}`);
}

await makePackage().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
