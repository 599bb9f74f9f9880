import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../setup/nativeStore.mjs';

/** What the bundles load at run time; the last two are the way to train without a native TensorFlow. */
const runtimePackages = [
  'onnxruntime-node',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
];

/** Named in the code of node-pre-gyp and node-fetch, and used by neither at run time here. */
const neverLoaded = ['aws-sdk', 'mock-aws-s3', 'nock', 'encoding'];

/**
 * Lists every file below node_modules that Recur needs at run time on this platform: the scripts that esbuild reaches from
 * the packages' entry points, their manifests and licences, and the native libraries.
 * @param {string} root folder of the project
 * @returns {Promise<string[]>} paths relative to the project, with '/'
 */
export async function runtimeFiles(root) {
  const scripts = await reachableScripts(root);
  const packages = [...new Set(scripts.map(packageOf))].sort();
  const licences = packages.flatMap((folder) => licencesOf(root, folder));
  return [...new Set([...scripts, ...manifestsAbove(root, scripts), ...licences, ...nativeFiles(root)])].sort();
}

/**
 * @param {string} root
 * @returns {Promise<string[]>}
 */
async function reachableScripts(root) {
  const contents = runtimePackages.map((name) => `require(${JSON.stringify(name)});`).join('\n');
  const { metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    external: ['*.node', ...neverLoaded],
    loader: { '.html': 'empty', '.cs': 'empty' },
  });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith('node_modules/') && /\.(c?js|json)$/.test(file));
}

/**
 * @param {string} file like 'node_modules/a/node_modules/@b/c/lib/d.js'
 * @returns {string} the folder of its package, like 'node_modules/a/node_modules/@b/c'
 */
export function packageOf(file) {
  const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  if (folder === undefined) {
    throw new Error(`${file} does not belong to a package`);
  }
  return folder;
}

/**
 * A folder inside a package may have a manifest too, which says how Node has to read the scripts in it.
 * @param {string} root
 * @param {readonly string[]} scripts
 * @returns {string[]}
 */
function manifestsAbove(root, scripts) {
  const folders = new Set(scripts.flatMap((script) => foldersUpTo(path.posix.dirname(script), packageOf(script))));
  return [...folders].map((folder) => `${folder}/package.json`).filter((file) => existsSync(path.join(root, file)));
}

/**
 * @param {string} folder
 * @param {string} top a folder above it, or itself
 * @returns {string[]} both and those between
 */
function foldersUpTo(folder, top) {
  return folder === top ? [top] : [folder, ...foldersUpTo(path.posix.dirname(folder), top)];
}

/**
 * @param {string} root folder of the project
 * @param {string} folder of a package, relative to the project
 * @returns {string[]} its licence files, relative to the project
 */
export function licencesOf(root, folder) {
  const names = readdirSync(path.join(root, folder));
  return names.filter((name) => /^(licen[cs]e|notice|copying)(\.|$|-)/i.test(name)).map((name) => `${folder}/${name}`);
}

/**
 * @param {string} root
 * @returns {string[]} the libraries for this platform alone
 */
function nativeFiles(root) {
  const onnxruntime = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;
  const tensorflow = 'node_modules/@tensorflow/tfjs-node';
  const webAssembly = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';
  return [
    ...below(root, onnxruntime),
    ...below(root, `${tensorflow}/lib`),
    ...below(root, `${tensorflow}/deps`).filter((file) => !file.includes('/include/')),
    ...below(root, webAssembly).filter((file) => file.endsWith('.wasm')),
  ];
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]} empty where there is no such folder
 */
function below(root, folder) {
  const full = path.join(root, folder);
  return existsSync(full) ? filesBelow(full).map((file) => `${folder}/${file}`) : [];
}
