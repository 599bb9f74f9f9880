// The pinned packages of the base model's corpus.
import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';
import { languages } from './languages.mjs';
import { isPermissive } from './licences.mjs';

/**
 * @typedef {object} Row
 * @property {'npm' | 'pypi' | 'debian'} registry
 * @property {string} name
 * @property {string} version
 * @property {string} integrity as npm writes it; `sha256:` of a wheel; `sha256:` of a Debian source's description (.dsc), which names
 * the hashes of its files
 * @property {string} licence as the package states it
 * @property {string} language most of what is read of it
 * @property {boolean} [heldOut] never trained on: the base model is measured with it
 */

const tables = { corpus: 'packages.json', reserved: 'reserved.json' };

/** @param {keyof typeof tables} which */
export function tableFile(which) {
  return path.join(import.meta.dirname, tables[which]);
}

/**
 * @param {keyof typeof tables} which `reserved`: packages that no base model may have read, since figures come from them
 * @returns {Row[]}
 */
export function readTable(which) {
  return /** @type {Row[]} */ (readJson(tableFile(which)));
}

/** Reserved whatever the registry; with every package below `@NAME/`. */
const reservedNames = new Set([
  ...[
    'rxjs',
    'zod',
    'django',
    'libusb',
    'libusb-1.0',
    'usb',
    'xterm',
    'svelte',
    'vega-lite',
    'flask',
    'sqlalchemy',
    'jinja2',
  ],
  ...[
    'werkzeug',
    'ethers',
    'lexical',
    'networkx',
    'bulma',
    'hono',
    'drizzle-orm',
    'trpc',
    'polars',
    'scrapy',
    'httpie',
  ],
  ...[
    'typer',
    'nushell',
    'ripgrep',
    'gin',
    'cobra',
    'redis',
    'sqlite',
    'sqlite3',
    'curl',
    'lodash',
    'lodash-es',
    'moment',
  ],
  ...['chart.js', 'leaflet', 'bootstrap', 'tailwindcss', 'pandas', 'celery', 'ansible', 'ansible-core'],
]);

/** Endings of Debian's names for a package of another registry: the last word of a Go package's, all of others'. */
const debianName = /^(?:golang-.*-|(?:rust|python|node)-)([^-].*)$/;

/** @param {string} name */
export function isReservedName(name) {
  const plain = name.toLowerCase();
  const scope = /^@([^/]+)\//.exec(plain)?.[1];
  const names = [plain, scope, debianName.exec(plain)?.[1]];
  return names.some((part) => part !== undefined && (reservedNames.has(part) || /^(ethersproject$|nu-)/.test(part)));
}

const integrityForms = { npm: /^sha512-[\w+/]+=*$/, pypi: /^sha256:[0-9a-f]{64}$/, debian: /^sha256:[0-9a-f]{64}$/ };

/**
 * What is wrong with a table of the corpus, a sentence each.
 * @param {readonly Row[]} rows
 * @returns {string[]}
 */
export function tableProblems(rows) {
  const seen = new Set();
  return rows.flatMap((row) => {
    const who = `${row.registry} ${row.name}`;
    const problems = [
      seen.has(who) ? 'stands twice' : '',
      integrityForms[row.registry].test(row.integrity) ? '' : 'has no integrity',
      row.version === '' ? 'has no version' : '',
      isPermissive(row.licence) ? '' : `stands under '${row.licence}', which is not permissive`,
      row.language in languages ? '' : `is in '${row.language}', no language of the corpus`,
      isReservedName(row.name) ? 'is reserved' : '',
    ];
    seen.add(who);
    return problems.filter((problem) => problem !== '').map((problem) => `${who} ${problem}.`);
  });
}

/** A name for the folder of a package. @param {Pick<Row, 'registry' | 'name'>} row */
export function folderName({ registry, name }) {
  return `${registry}-${name.replace(/^@/, '').replaceAll('/', '-')}`;
}
