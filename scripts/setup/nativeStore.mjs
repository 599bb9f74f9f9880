import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFileSync, lstatSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from './jsonFile.mjs';

/**
 * The native part of a package as it was built or downloaded once, kept outside node_modules so that a new install of the
 * packages does not cost a new download. `installed.json` is written last: a folder without it is none.
 * @typedef {object} InstalledNative
 * @property {string} version of the library
 * @property {string} source how it was had
 * @property {Record<string, number>} files sizes in bytes by path
 */

const noteName = 'installed.json';
/** What belongs to the native part of tfjs-node, by folder in the package. */
const nativeFolders = ['deps', 'lib'];

/**
 * @param {string} store
 * @returns {InstalledNative | undefined} undefined where nothing whole is stored
 */
export function readStore(store) {
  const note = /** @type {InstalledNative | undefined} */ (readJson(path.join(store, noteName)));
  return note !== undefined && holdsFiles(store, note) ? note : undefined;
}

/**
 * @param {string} folder
 * @param {InstalledNative} note
 * @returns {boolean} whether every file is there in its full size
 */
export function holdsFiles(folder, note) {
  return Object.entries(note.files).every(([name, bytes]) => {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
    return found?.size === bytes;
  });
}

/**
 * Makes a stage, checked and complete, the stored native part. Only its native folders are kept.
 * @param {string} stage a copy of the package with its native folders; it is gone afterwards
 * @param {string} store
 * @param {{version: string, source: string}} origin
 * @returns {InstalledNative}
 */
export function storeNative(stage, store, origin) {
  for (const name of readdirSync(stage).filter((entry) => !nativeFolders.includes(entry))) {
    rmSync(path.join(stage, name), { recursive: true });
  }
  const names = filesBelow(stage);
  names.forEach((name) => replaceLink(path.join(stage, name)));
  const sizes = names.map((name) => /** @type {const} */ ([name, statSync(path.join(stage, name)).size]));
  const note = { ...origin, files: Object.fromEntries(sizes) };
  writeFileSync(path.join(stage, noteName), JSON.stringify(note));
  rmSync(store, { recursive: true, force: true });
  renameSync(stage, store);
  return note;
}

/**
 * A link may point into the stage by an absolute path, which ends with the stage.
 * @param {string} file
 */
function replaceLink(file) {
  if (lstatSync(file).isSymbolicLink()) {
    const target = realpathSync(file);
    rmSync(file);
    linkOrCopy(target, file);
  }
}

/**
 * Puts the stored native part into the installed package: as hard links where the file system has them, each folder
 * appearing whole by a rename.
 * @param {string} store
 * @param {string} packageFolder
 * @param {InstalledNative} note
 */
export function linkIntoPackage(store, packageFolder, note) {
  for (const name of nativeFolders) {
    const next = path.join(packageFolder, `${name}.next`);
    rmSync(next, { recursive: true, force: true });
    Object.keys(note.files)
      .filter((file) => file.startsWith(`${name}/`))
      .forEach((file) => linkOrCopy(path.join(store, file), path.join(next, file.slice(name.length + 1))));
    rmSync(path.join(packageFolder, name), { recursive: true, force: true });
    renameSync(next, path.join(packageFolder, name));
  }
}

/**
 * Puts a file in a second place, as a hard link where the file system has them; its folder is made.
 * @param {string} source
 * @param {string} target
 */
export function linkOrCopy(source, target) {
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/**
 * @param {string} folder
 * @returns {string[]} the files below it, as paths with '/' relative to it
 */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

/**
 * Copies a package without its native folders, as a place to build in that can be thrown away.
 * @param {string} packageFolder
 * @param {string} stage
 */
export function copyWithoutNative(packageFolder, stage) {
  const left = [...nativeFolders, 'build'].map((name) => path.join(packageFolder, name));
  cpSync(packageFolder, stage, { recursive: true, filter: (source) => !left.includes(source) });
}

/**
 * Removes the stage of a set-up that was killed; those of version 0.1.0 had the number of their process in their name.
 * Only the holder of the set-up's lock may call it.
 * @param {string} folder of the stages
 */
export function removeAbandonedStages(folder) {
  const stages = existsSync(folder) ? readdirSync(folder).filter((name) => /^stage(-\d+)?$/.test(name)) : [];
  stages.forEach((name) => rmSync(path.join(folder, name), { recursive: true, force: true }));
}
