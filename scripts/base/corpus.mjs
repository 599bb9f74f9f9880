// Builds the corpus: hand-written files of the pinned packages, no copies, nothing reserved, languages in balance.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { countKnown, holdsReserved, isNearDuplicate, passagesOf } from './copies.mjs';
import { licenceOfFile, readCopyright } from './debianCopyright.mjs';
import { languageOf } from './languages.mjs';
import { isPermissive } from './licences.mjs';
import { listFiles, readSource } from './sourceFiles.mjs';

/**
 * An unpacked package.
 * @typedef {{name: string, folder: string, licence: string, heldOut: boolean}} Package
 * @typedef {import('./sourceFiles.mjs').ProductRules} ProductRules
 * @typedef {{name: string, folder: string, path: string, language: string, characters: number, heldOut: boolean}} Chosen
 * @typedef {{aimedCharacters: number, largestShares: Readonly<Record<string, number>>, mostOfPackage: Readonly<Record<string, number>>, maxFileBytes: number}} Recipe
 * @typedef {{chosen: Chosen[], leftOut: Record<string, number>, reservedCopies: string[]}} Selection
 */

/** Reserved files above this size are data. */
const mostReservedBytes = 4_000_000;

/**
 * The passages of packages that may not be read.
 * @param {readonly string[]} folders unpacked
 * @param {ProductRules} rules
 * @returns {Set<number>}
 */
export function reservedPassages(folders, rules) {
  /** @type {Set<number>} */
  const passages = new Set();
  for (const folder of folders) {
    for (const file of filesBelow(folder)) {
      if (languageOf(file) === undefined || statSync(path.join(folder, file)).size > mostReservedBytes) continue;
      const text = rules.decodeText(readFileSync(path.join(folder, file)));
      for (const passage of text === null ? [] : passagesOf(text)) passages.add(passage);
    }
  }
  return passages;
}

/**
 * Chooses files. Those of held-out packages come first, so that what is nearly a copy of them is left out too; then the
 * packages in an order by hash, and so are the files of a package, until the package or the language has its share.
 * @param {readonly Package[]} packages
 * @param {ReadonlySet<number>} reserved
 * @param {Recipe} recipe
 * @param {ProductRules} rules
 * @returns {Selection}
 */
export function selectFiles(packages, reserved, recipe, rules) {
  /** @type {State} */
  const state = { reserved, seen: new Set(), texts: new Set(), leftOut: {}, reservedCopies: [] };
  const ordered = orderedByHash(packages, ({ name }) => name).sort((a, b) => Number(b.heldOut) - Number(a.heldOut));
  const found = ordered.flatMap((one) => selectOfPackage(one, recipe, rules, state));
  const chosen = balanced(found, recipe);
  state.leftOut['over the share of its language'] = found.length - chosen.length;
  return { chosen, leftOut: state.leftOut, reservedCopies: state.reservedCopies };
}

/**
 * @typedef {{reserved: ReadonlySet<number>, seen: Set<number>, texts: Set<string>, leftOut: Record<string, number>, reservedCopies: string[]}} State
 * @param {Package} one @param {Recipe} recipe @param {ProductRules} rules @param {State} state
 * @returns {Chosen[]}
 */
function selectOfPackage(one, recipe, rules, state) {
  const { name, folder, heldOut } = one;
  const terms = copyrightOf(folder);
  /** @type {Record<string, number>} */
  const used = {};
  const files = listFiles(folder, rules, recipe.maxFileBytes);
  return orderedByHash(files, (file) => file.path).flatMap((file) => {
    if ((used[file.language] ?? 0) > (recipe.mostOfPackage[file.language] ?? 0)) return [];
    const isFree = isPermissive(licenceOfFile(terms, file.path) ?? one.licence);
    const text = isFree ? readSource(folder, file, rules) : { reason: 'licence' };
    const reason = typeof text === 'string' ? copyProblem(text, `${name}/${file.path}`, state) : text.reason;
    if (reason !== null || typeof text !== 'string') {
      state.leftOut[reason ?? ''] = (state.leftOut[reason ?? ''] ?? 0) + 1;
      return [];
    }
    used[file.language] = (used[file.language] ?? 0) + text.length;
    return [{ name, folder, ...file, characters: text.length, heldOut }];
  });
}

/** @param {string} folder */
function copyrightOf(folder) {
  const file = path.join(folder, 'debian/copyright');
  return existsSync(file) ? readCopyright(readFileSync(file, 'utf8')) : [];
}

/**
 * @param {string} text @param {string} where @param {State} state
 * @returns {string | null} null: it is no copy, and what it says is known from now on
 */
function copyProblem(text, where, { reserved, seen, texts, reservedCopies }) {
  const hash = hashOf(text);
  if (texts.has(hash)) return 'duplicate';
  texts.add(hash);
  const passages = passagesOf(text);
  if (holdsReserved(countKnown(passages, reserved), passages.size)) {
    reservedCopies.push(where);
    return 'copy of a reserved package';
  }
  if (isNearDuplicate(countKnown(passages, seen), passages.size)) return 'near duplicate';
  for (const passage of passages) if (seen.size < mostPassages) seen.add(passage);
  return null;
}

/** What a set can hold, nearly. */
const mostPassages = 16_000_000;

/** Files in an order by hash, until a language has its share. @param {readonly Chosen[]} found @param {Recipe} recipe */
function balanced(found, { aimedCharacters, largestShares }) {
  /** @type {Record<string, number>} */
  const used = {};
  return orderedByHash(found, ({ name, path: file }) => `${name}/${file}`).filter(
    ({ language, characters, heldOut }) => {
      if (heldOut) return true;
      const after = (used[language] ?? 0) + characters;
      if (after > (largestShares[language] ?? 0) * aimedCharacters) return false;
      used[language] = after;
      return true;
    },
  );
}

/**
 * Lays the chosen files out: `training/PACKAGE/PATH` and `heldOut/PACKAGE/PATH`.
 * @param {readonly Chosen[]} chosen
 * @param {string} target replaced
 */
export function layOut(chosen, target) {
  rmSync(target, { recursive: true, force: true });
  for (const { name, folder, path: file, heldOut } of chosen) {
    const to = path.join(target, heldOut ? 'heldOut' : 'training', name.replace(/^@/, ''), file);
    mkdirSync(path.dirname(to), { recursive: true });
    try {
      linkSync(path.join(folder, file), to);
    } catch {
      cpSync(path.join(folder, file), to);
    }
  }
}

/**
 * Reads a corpus as it lies there and looks for what may not be in it: the proof, apart from how it was made.
 * @param {string} folder `training` of a corpus
 * @param {ReadonlySet<number>} reserved
 * @param {ProductRules} rules
 */
export function proveCorpus(folder, reserved, rules) {
  const texts = new Set();
  const proof = {
    files: 0,
    characters: 0,
    passages: 0,
    exactCopies: 0,
    reservedCopies: 0,
    reservedPassages: 0,
    filesWithReservedPassages: 0,
    largestReservedShare: 0,
  };
  for (const file of filesBelow(folder)) {
    const text = rules.decodeText(readFileSync(path.join(folder, file))) ?? '';
    const passages = passagesOf(text);
    const shared = countKnown(passages, reserved);
    const hash = hashOf(text);
    proof.files += 1;
    proof.characters += text.length;
    proof.passages += passages.size;
    proof.exactCopies += Number(texts.has(hash));
    proof.reservedCopies += Number(holdsReserved(shared, passages.size));
    proof.reservedPassages += shared;
    proof.filesWithReservedPassages += Number(shared > 0);
    if (passages.size >= 20) proof.largestReservedShare = Math.max(proof.largestReservedShare, shared / passages.size);
    texts.add(hash);
  }
  return proof;
}

/** @param {string} folder @returns {string[]} relative, with `/` */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** @param {string} text */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * An order that no name and no date decides, the same on every machine.
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} nameOf
 * @returns {Item[]}
 */
function orderedByHash(items, nameOf) {
  const hashed = items.map((item) => ({ item, hash: hashOf(nameOf(item)) }));
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ item }) => item);
}
