// npm run build [-- --watch]: bundles what runs in the editor, its child processes, the panel and the command line.
import { build, context } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {import('esbuild').BuildOptions} BuildOptions */
/**
 * @typedef {object} Bundle
 * @property {string} source
 * @property {string} target
 * @property {BuildOptions} options
 * @property {boolean} [isPackaged] false: not part of the extension's package
 */

const projectRoot = path.resolve(import.meta.dirname, '..');

const manifestText = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
/** @type {unknown} */
const manifest = JSON.parse(manifestText);
const { version } = /** @type {{version: string}} */ (manifest);

/** Node bundles find the native packages, and the WebAssembly TensorFlow, in node_modules at run time. */
const externalPackages = ['vscode', 'onnxruntime-node', 'onnxruntime-web', '@tensorflow/*'];

/** @type {BuildOptions} */
const forNode = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: externalPackages,
  // Packages are loaded by require() only: the package of the extension carries what that reaches (package/runtimeFiles.mjs).
  supported: { 'dynamic-import': false },
};
/** @type {BuildOptions} */
const forBrowser = { platform: 'browser', format: 'iife', target: 'es2022', minify: true };

/** @type {Bundle[]} */
export const bundles = [
  { source: 'src/extension/extension.ts', target: 'dist/extension.js', options: forNode },
  { source: 'src/cli/cli.ts', target: 'dist/cli.js', options: { ...forNode, banner: { js: '#!/usr/bin/env node' } } },
  { source: 'src/lsp/server.ts', target: 'dist/lsp.js', options: forNode },
  { source: 'src/trainer/main.ts', target: 'dist/trainer.js', options: forNode },
  { source: 'src/trainer/replicaThread.ts', target: 'dist/replica.js', options: forNode },
  { source: 'src/engine/memory/memoryBuilder.ts', target: 'dist/memoryBuilder.js', options: forNode },
  { source: 'src/engine/main.ts', target: 'dist/engine.js', options: forNode },
  { source: 'src/prober/main.ts', target: 'dist/prober.js', options: forNode },
  { source: 'src/reader/main.ts', target: 'dist/reader.js', options: forNode },
  // The extension opens no network connection: what does stays out of its package.
  { source: 'src/objectStore/s3Store.ts', target: 'dist/s3Store.js', options: forNode, isPackaged: false },
  { source: 'src/panel/main.ts', target: 'dist/panel.js', options: forBrowser },
];

/** Scripts of the extension's package. */
export const packagedBundles = bundles.filter(({ isPackaged }) => isPackaged !== false).map(({ target }) => target);

/**
 * @param {Bundle} bundle
 * @returns {BuildOptions}
 */
function optionsOf({ source, target, options }) {
  return {
    absWorkingDir: projectRoot,
    entryPoints: [source],
    outfile: target,
    bundle: true,
    sourcemap: true,
    sourcesContent: false,
    define: { __RECUR_VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    ...options,
  };
}

/**
 * Writes a bundle where it has changed, and as a whole: processes of a run beside this one may be about to read it.
 * @param {import('esbuild').OutputFile} file
 */
function writeChanged({ path: target, contents }) {
  if (existsSync(target) && readFileSync(target).equals(contents)) return;
  const mode = path.basename(target) === 'cli.js' ? 0o755 : 0o644;
  const partial = `${target}.${process.pid}`;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(partial, contents, { mode });
  renameSync(partial, target);
}

/**
 * Bundles everything.
 * @param {{log: (line: string) => void}} options
 * @returns {Promise<string[]>} the files that went into the bundles of the extension's package, relative to the project
 */
export async function buildAll({ log }) {
  const results = await Promise.all(
    bundles.map((bundle) => build({ ...optionsOf(bundle), metafile: true, write: false })),
  );
  for (const { outputFiles } of results) outputFiles.forEach(writeChanged);
  log(`bundled ${bundles.map(({ target }) => target).join(', ')}`);
  const packaged = results.filter((_, index) => bundles[index]?.isPackaged !== false);
  return packaged.flatMap(({ metafile }) => Object.keys(metafile.inputs));
}

/**
 * Builds once and again whenever a source changes, until the process is ended.
 * @returns {Promise<void>}
 */
async function watchAll() {
  for (const bundle of bundles) {
    await (await context({ ...optionsOf(bundle), logLevel: 'info' })).watch();
  }
}

if (process.argv[1] === import.meta.filename) {
  const watches = process.argv.includes('--watch');
  const done = watches ? watchAll() : buildAll({ log: (line) => console.log(`build: ${line}`) });
  await done.catch(() => {
    // esbuild has printed what is wrong and where.
    process.exitCode = 1;
  });
}
