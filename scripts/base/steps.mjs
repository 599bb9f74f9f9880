// The steps of building the corpus, with what they say.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { layCanaries } from './canaries.mjs';
import { layOut, proveCorpus, reservedPassages, selectFiles } from './corpus.mjs';
import { fetchPackages } from './fetchPackages.mjs';
import { loadProductRules } from './productSources.mjs';
import * as recipe from './recipe.mjs';
import { readTable, tableProblems } from './table.mjs';

/**
 * Fetches the pinned packages and lays the corpus out in `corpus/training` and `corpus/heldOut`.
 * @param {string} folder @param {(line: string) => void} log
 * @returns {Promise<number>} exit status
 */
export async function buildCorpus(folder, log) {
  const rows = readTable('corpus');
  const problems = tableProblems(rows);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const rules = await loadProductRules();
  const reserved = reservedPassages(reservedFolders(folder, log), rules);
  const packages = fetchPackages(rows, path.join(folder, 'packages'), log).map(({ row, folder: place }) => {
    return { name: row.name, folder: place, licence: row.licence, heldOut: row.heldOut === true };
  });
  const selection = selectFiles(packages, reserved, recipe, rules);
  layOut(selection.chosen, path.join(folder, 'corpus'));
  layCanaries(path.join(folder, 'corpus/training'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'selection.json'), JSON.stringify(selection));
  for (const line of describeSelection(selection)) log(line);
  return 0;
}

/** @param {string} folder @param {(line: string) => void} log */
function reservedFolders(folder, log) {
  return fetchPackages(readTable('reserved'), path.join(folder, 'reserved'), log).map(({ folder: place }) => place);
}

/**
 * Reads the training text as it lies there and prints what was found in it that may not be there.
 * @param {string} folder @param {(line: string) => void} log
 */
export async function proveBuiltCorpus(folder, log) {
  const rules = await loadProductRules();
  const reserved = reservedPassages(reservedFolders(folder, log), rules);
  const proof = proveCorpus(path.join(folder, 'corpus/training'), reserved, rules);
  log(`passages of reserved packages: ${reserved.size}`);
  for (const [name, value] of Object.entries(proof)) log(`${name}: ${value}`);
  return proof.exactCopies + proof.reservedCopies === 0 ? 0 : 1;
}

/** @param {import('./corpus.mjs').Selection} selection */
function describeSelection({ chosen, leftOut, reservedCopies }) {
  /** @type {Map<string, {files: number, characters: number}>} */
  const parts = new Map();
  for (const { heldOut, language, characters } of chosen) {
    const part = `${heldOut ? 'held out' : 'training'}, ${language}`;
    const known = parts.get(part) ?? { files: 0, characters: 0 };
    parts.set(part, { files: known.files + 1, characters: known.characters + characters });
  }
  const sizes = [...parts].map(([part, { files, characters }]) => `${part}: ${files} files, ${characters} characters`);
  const reasons = Object.entries(leftOut).map(([reason, files]) => `left out, ${reason}: ${files} files`);
  return [...sizes.sort(), ...reasons, `copies of reserved packages, of them: ${reservedCopies.length}`];
}
