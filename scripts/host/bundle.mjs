/** Bundles the suites that run in VS Code, and those that drive its window from outside. */
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../setup/prepare.mjs';

const hostFolder = path.join(projectRoot, 'test/host');

/** @param {string} folder */
function suiteFiles(folder) {
  const full = path.join(hostFolder, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(full, name));
}

/** @type {import('esbuild').BuildOptions} */
const commonOptions = { outbase: hostFolder, bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };

/** @param {string} folder an empty folder in .cache, from where the packages of this repository can be found */
function outputFolder(folder) {
  const outdir = path.join(projectRoot, '.cache/host-tests', folder);
  rmSync(outdir, { recursive: true, force: true });
  return outdir;
}

/**
 * Bundles the suites of test/host/suite and the entry point that runs them inside VS Code.
 * @returns {Promise<string>} the entry point
 */
export async function bundleHostSuites() {
  const outdir = outputFolder('host');
  await build({
    ...commonOptions,
    entryPoints: [path.join(hostFolder, 'runInHost.ts'), ...suiteFiles('suite')],
    outdir,
    format: 'cjs',
    sourcemap: 'inline',
    // Found at run time: the editor's own module, and Mocha, which loads its parts by name.
    external: ['vscode', 'mocha'],
  });
  return path.join(outdir, 'runInHost.js');
}

/** @type {import('esbuild').Plugin} Scripts are loaded from where they lie: they find this repository by their own place. */
const scriptsInPlace = {
  name: 'scripts in place',
  setup: (builder) => {
    builder.onResolve({ filter: /\/scripts\/.*\.mjs$/ }, ({ path: request, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, request)).href,
      external: true,
    }));
  },
};

/**
 * Bundles the suites of test/host/window and the entry point that runs them, for plain Node.
 * @returns {Promise<string>} the entry point, a module with the function runWindowSuites
 */
export async function bundleWindowSuites() {
  const outdir = outputFolder('window');
  await build({
    ...commonOptions,
    entryPoints: [path.join(hostFolder, 'runWindow.ts'), ...suiteFiles('window')],
    outdir,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    packages: 'external',
    plugins: [scriptsInPlace],
    sourcemap: 'inline',
  });
  return path.join(outdir, 'runWindow.mjs');
}
