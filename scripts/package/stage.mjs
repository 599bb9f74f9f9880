import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packagedBundles } from '../build.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { filesBelow, linkOrCopy } from '../setup/nativeStore.mjs';
import { packageOf, runtimeFiles } from './runtimeFiles.mjs';

/** @typedef {{source: string, target: string}} StagedFile paths relative to the project and to the package, with '/' */

/** What the editor shows of the extension. */
const shownPapers = ['README.md', 'CHANGELOG.md'];
const papers = [...shownPapers, 'LICENSE', '.vscodeignore'];
const texts = ['package.nls.json', 'package.nls.zh-cn.json', 'l10n/bundle.l10n.zh-cn.json'];

/**
 * Lists what goes into the package. The packages that the bundles load lie beside them, in dist/node_modules, where Node
 * looks first; a node_modules folder at the top would make vsce ask npm for all that the packages could ever want.
 * @param {string} root folder of the project
 * @param {readonly string[]} native libraries of the target, relative to the project
 * @returns {Promise<StagedFile[]>}
 * @throws {Error} with one sentence where something is missing
 */
export async function extensionFiles(root, native) {
  const own = [
    ...papers,
    ...texts,
    ...bundlesOf(root),
    ...filesBelow(path.join(root, 'media')).map((file) => `media/${file}`),
  ];
  const missing = own.filter((file) => !existsSync(path.join(root, file)));
  if (missing.length > 0) {
    throw new Error(`The package needs ${missing.join(' and ')}.`);
  }
  const runtime = await runtimeFiles(root, native);
  return [
    ...own.map((file) => ({ source: file, target: file })),
    ...runtime.map((file) => ({ source: file, target: `dist/${file}` })),
  ];
}

/**
 * @param {string} root
 * @returns {string[]} what the build writes for them; older files in dist stay behind
 */
function bundlesOf(root) {
  const styles = packagedBundles.map((script) => script.replace(/\.js$/, '.css'));
  return [...packagedBundles, ...styles.filter((style) => existsSync(path.join(root, style)))];
}

/**
 * Lays the files out in an empty folder, as links where the file system has them.
 * @param {string} root folder of the project
 * @param {string} stage
 * @param {readonly StagedFile[]} files
 */
export function stageExtension(root, stage, files) {
  rmSync(stage, { recursive: true, force: true });
  const carried = new Set(files.map(({ target }) => target));
  for (const { source, target } of files) {
    if (!shownPapers.includes(target)) linkOrCopy(path.join(root, source), path.join(stage, target));
  }
  for (const paper of shownPapers.filter((file) => carried.has(file))) {
    writeFileSync(path.join(stage, paper), withoutDeadLinks(readFileSync(path.join(root, paper), 'utf8'), carried));
  }
  const manifest = packagedManifest(readJson(path.join(root, 'package.json')));
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * @param {string} markdown
 * @param {ReadonlySet<string>} carried files of the package
 * @returns {string} links to files that only the repository has as what they say, and the name of the file
 */
export function withoutDeadLinks(markdown, carried) {
  return markdown.replaceAll(
    /(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g,
    (link, /** @type {string} */ text, /** @type {string} */ target) => {
      if (/^(?:[a-z]+:|#)/.test(target) || carried.has(target)) return link;
      return text === target ? text : `${text} (${target})`;
    },
  );
}

/**
 * @param {unknown} manifest package.json
 * @returns {Record<string, unknown>} without what only this repository needs
 */
export function packagedManifest(manifest) {
  const developmentOnly = ['scripts', 'dependencies', 'devDependencies', 'prettier', 'bin', 'private'];
  const entries = Object.entries(/** @type {Record<string, unknown>} */ (manifest));
  return Object.fromEntries(entries.filter(([key]) => !developmentOnly.includes(key)));
}

/**
 * @param {readonly StagedFile[]} files
 * @returns {string[]} the packages that are carried along
 */
export function carriedPackages(files) {
  const carried = files.filter(({ source }) => source.startsWith('node_modules/'));
  return [...new Set(carried.map(({ source }) => packageOf(source)))];
}
