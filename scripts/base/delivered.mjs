// What lies in a folder that the registries' own clients delivered into: which package each file is, and its integrity.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{registry: 'npm' | 'pypi' | 'debian', integrity: string, files: string[]}} Delivered files: absolute paths */

/**
 * @param {string} cache folder with a folder for each registry
 * @returns {Delivered[]} whole ones only
 */
export function delivered(cache) {
  return [...archives(cache, 'npm', '.tgz', sha512), ...archives(cache, 'pypi', '.whl', sha256), ...sources(cache)];
}

/** @param {string} cache @param {'npm' | 'pypi'} registry @param {string} ending @param {(bytes: Buffer) => string} integrityOf */
function archives(cache, registry, ending, integrityOf) {
  return filesIn(path.join(cache, registry), ending).map((file) => {
    return { registry, integrity: integrityOf(readFileSync(file)), files: [file] };
  });
}

/**
 * Source packages whose every file has the hash that the description names.
 * @param {string} cache
 * @returns {Delivered[]}
 */
function sources(cache) {
  const folder = path.join(cache, 'debian');
  return filesIn(folder, '.dsc').flatMap((description) => {
    const bytes = readFileSync(description);
    const named = [...bytes.toString('latin1').matchAll(/^ ([0-9a-f]{64}) \d+ (\S+)$/gm)];
    const files = named.filter(([, , name]) => /\.tar\.\w+$/.test(name ?? ''));
    const whole = files.filter(([, hash, name]) => {
      const file = path.join(folder, name ?? '');
      return existsSync(file) && sha256(readFileSync(file)) === `sha256:${hash}`;
    });
    // Without Debian's own part there is no word on the licence, and all of the text.
    const isWhole =
      whole.length > 0 && files.every((file) => whole.includes(file) || (file[2] ?? '').includes('.debian.'));
    if (!isWhole) return [];
    return [
      {
        registry: /** @type {const} */ ('debian'),
        integrity: sha256(bytes),
        files: [description, ...whole.map(([, , name]) => path.join(folder, name ?? ''))],
      },
    ];
  });
}

/** @param {string} folder @param {string} ending */
function filesIn(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folder, name));
}

/** @param {Buffer} bytes */
function sha512(bytes) {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** @param {Buffer} bytes */
function sha256(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
