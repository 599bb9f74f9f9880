// Fetches pinned packages by the registries' own clients; what does not have the pinned integrity is not used.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unpack } from './archives.mjs';
import { delivered } from './delivered.mjs';
import { folderName } from './table.mjs';

/** @typedef {import('./table.mjs').Row} Row */

/** Packages that a client is asked for at once. */
const groupSize = 20;
const debianSources = 'deb-src http://deb.debian.org/debian bookworm main\n';

/**
 * The folders of unpacked packages, fetched where they are not in the cache yet.
 * @param {readonly Row[]} rows
 * @param {string} cache
 * @param {(line: string) => void} log
 * @returns {{row: Row, folder: string}[]}
 * @throws {Error} naming the packages that could not be had as they were pinned
 */
export function fetchPackages(rows, cache, log) {
  // A client gives up a whole group for one package of it: what is missing then is asked for alone.
  for (const size of [groupSize, 1]) fetchMissing(rows, size, cache, log);
  return unpackAll(rows, cache);
}

/** @param {readonly Row[]} rows @param {number} size @param {string} cache @param {(line: string) => void} log */
function fetchMissing(rows, size, cache, log) {
  const known = byIntegrity(cache);
  const missing = rows.filter(({ integrity }) => !known.has(integrity));
  for (const registry of /** @type {const} */ (['npm', 'pypi', 'debian'])) {
    const wanted = missing.filter((row) => row.registry === registry);
    if (wanted.length > 0) log(`fetching ${wanted.length} packages of ${registry}`);
    const folder = path.join(cache, registry);
    mkdirSync(folder, { recursive: true });
    for (let start = 0; start < wanted.length; start += size) {
      clients[registry](wanted.slice(start, start + size), folder);
    }
  }
}

/** @param {readonly Row[]} rows @param {string} cache */
function unpackAll(rows, cache) {
  const archives = byIntegrity(cache);
  const absent = rows.filter(({ integrity }) => !archives.has(integrity));
  if (absent.length > 0) {
    const names = absent.map(({ registry, name, version }) => `${registry} ${name} ${version}`);
    throw new Error(`These packages do not have the integrity they were pinned with: ${names.join(', ')}.`);
  }
  return rows.map((row) => {
    const folder = path.join(cache, 'unpacked', `${folderName(row)}-${row.version.replaceAll(/[^\w.+-]/g, '_')}`);
    unpack(/** @type {import('./delivered.mjs').Delivered} */ (archives.get(row.integrity)), folder);
    return { row, folder };
  });
}

/** @param {string} cache */
function byIntegrity(cache) {
  return new Map(delivered(cache).map((archive) => [archive.integrity, archive]));
}

/** Each asks a registry's client for some packages. @type {Record<Row['registry'], (rows: readonly Row[], folder: string) => void>} */
const clients = {
  npm: (rows, folder) => {
    run('npm', ['pack', '--silent', ...rows.map(({ name, version }) => `${name}@${version}`)], folder);
  },
  pypi: (rows, folder) => {
    const file = path.join(folder, 'requirements.txt');
    const lines = rows.map(({ name, version, integrity }) => `${name}==${version} --hash=${integrity}`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    run('pip', ['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', file], folder);
    rmSync(file);
  },
  debian: (rows, folder) => {
    const options = debianOptions(folder);
    const names = rows.map(({ name, version }) => `${name}=${version}`);
    run('apt-get', ['source', '--quiet=2', '--download-only', ...options, ...names], folder);
  },
};

/** With a list of sources of our own, so that nothing of the system changes. @param {string} folder */
function debianOptions(folder) {
  const state = path.join(folder, '.apt');
  mkdirSync(path.join(state, 'lists/partial'), { recursive: true });
  writeFileSync(path.join(state, 'sources.list'), debianSources);
  const settings = {
    'Dir::Etc::sourcelist': path.join(state, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': path.join(state, 'lists'),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  run('apt-get', ['update', '--quiet=2', ...options], folder);
  return options;
}

/** What a client could not get shows when integrities are compared. @param {string} command @param {readonly string[]} args @param {string} cwd */
function run(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { code } = /** @type {{code?: string}} */ (error);
    if (code === 'ENOENT')
      throw new Error(`${command} is needed to fetch the corpus, and is not on the PATH.`, { cause: error });
  }
}
