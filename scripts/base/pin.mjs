// Writes the table from what lies in the cache: a person fetches with the registries' clients, and this pins what came.
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unpack } from './archives.mjs';
import { delivered } from './delivered.mjs';
import { describePackage } from './describe.mjs';
import { isPermissive } from './licences.mjs';
import { loadProductRules } from './productSources.mjs';
import { maxFileBytes } from './recipe.mjs';
import { listFiles } from './sourceFiles.mjs';
import { folderName, isReservedName, readTable, tableFile } from './table.mjs';

/**
 * Packages that are in the table already keep their language, and stay held out where they are.
 * @param {string} cache @param {(line: string) => void} log told what is not pinned, and why
 * @returns {Promise<number>} exit status
 */
export async function pinDelivered(cache, log) {
  const known = new Map(readTable('corpus').map((row) => [`${row.registry} ${row.name}`, row]));
  const rules = await loadProductRules();
  const rows = delivered(cache).flatMap((archive) => {
    const { name, version, licence } = describePackage(archive);
    const { registry, integrity } = archive;
    if (!isPermissive(licence) || isReservedName(name)) {
      log(`not pinned: ${registry} ${name} (${licence})`);
      return [];
    }
    const before = known.get(`${registry} ${name}`);
    const folder = path.join(cache, 'unpacked', `${folderName({ registry, name })}-${version}`);
    const language = before?.language ?? mainLanguage(archive, folder, rules);
    const row = { registry, name, version, integrity, licence, language };
    return [before?.heldOut === true ? { ...row, heldOut: true } : row];
  });
  writeFileSync(tableFile('corpus'), `${JSON.stringify(rows, undefined, 2)}\n`);
  log(`${rows.length} packages are pinned; npm run format lays the table out.`);
  return 0;
}

/**
 * That of most bytes.
 * @param {import('./delivered.mjs').Delivered} archive @param {string} folder @param {import('./sourceFiles.mjs').ProductRules} rules
 */
function mainLanguage(archive, folder, rules) {
  unpack(archive, folder);
  /** @type {Map<string, number>} */
  const bytes = new Map();
  for (const { path: file, language } of listFiles(folder, rules, maxFileBytes)) {
    bytes.set(language, (bytes.get(language) ?? 0) + statSync(path.join(folder, file)).size);
  }
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'Markdown';
}
