import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What the bundles load at run time; onnxruntime-web and the last two are the ways to work without native libraries. */
const runtimePackages = [
  'onnxruntime-node',
  'onnxruntime-web',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
];

/**
 * What is named in the code of node-pre-gyp, of which finding the library is all that is used, and in that of TensorFlow: it
 * unpacks archives, deletes folders and talks to servers, which nothing does here.
 */
export const neverLoaded = ['aws-sdk', 'https-proxy-agent', 'mock-aws-s3', 'nock', 'node-fetch', 'rimraf', 'tar'];

/**
 * Lists every file below node_modules that Recur needs at run time: the scripts that esbuild reaches from the packages' entry
 * points, their manifests and licences, the WebAssembly backends, and the native libraries of the target.
 * @param {string} root folder of the project
 * @param {readonly string[]} native the libraries, see targets.mjs
 * @returns {Promise<string[]>} paths relative to the project, with '/'
 */
export async function runtimeFiles(root, native) {
  const scripts = await reachableScripts(root);
  const packages = [...new Set(scripts.map(packageOf))].sort();
  const licences = packages.flatMap((folder) => licencesOf(root, folder));
  return [
    ...new Set([...scripts, ...manifestsAbove(root, scripts), ...licences, ...native, ...webAssembly(root)]),
  ].sort();
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
 * @returns {string[]} what the backends without native libraries load
 */
function webAssembly(root) {
  const tensorflow = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';
  const modules = readdirSync(path.join(root, tensorflow)).filter((name) => name.endsWith('.wasm'));
  return [
    ...modules.map((name) => `${tensorflow}/${name}`),
    // Named by the package's own script, which loads the module by import().
    ...['mjs', 'wasm'].map((ending) => `node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.${ending}`),
  ];
}
