// Reads what registries deliver: npm's tarballs, wheels of PyPI, source packages of Debian.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { languages } from './languages.mjs';

const patterns = Object.values(languages).flatMap((endings) => endings.map((ending) => `*${ending}`));
/** @type {import('node:child_process').ExecFileSyncOptions} */
const commandOptions = { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] };

/**
 * Unpacks the files of the corpus' languages, and what says under which terms they stand, once.
 * @param {{registry: string, files: readonly string[]}} archive absolute paths of its files
 * @param {string} target folder, made whole or not at all
 */
export function unpack({ registry, files }, target) {
  if (existsSync(target)) return;
  const partial = `${target}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const file of files) {
    if (registry === 'pypi') unzip(file, partial);
    else if (/\.orig(-[^.]+)?\.tar\.|\.tgz$/.test(file)) untar(file, partial, patterns, '--strip-components=1');
    else if (file.includes('.debian.tar.')) untar(file, partial, ['debian/copyright']);
    else if (/_[^/]*\.tar\.[a-z0-9]+$/.test(file)) untar(file, partial, patterns, '--strip-components=1');
  }
  renameSync(partial, target);
}

/** @param {string} file @param {string} target @param {readonly string[]} members @param {string[]} options */
function untar(file, target, members, ...options) {
  try {
    const rules = ['--no-same-owner', '--no-same-permissions', '--wildcards', '--exclude-vcs'];
    execFileSync('tar', ['-xf', file, '-C', target, ...rules, ...options, ...members], commandOptions);
  } catch (error) {
    // It fails too where one of the patterns fits nothing; what fits is unpacked then.
    if (!String(error).includes('Not found in archive')) throw error;
  }
}

/** @param {string} file @param {string} target */
function unzip(file, target) {
  try {
    execFileSync('unzip', ['-q', '-o', file, ...patterns, '*METADATA', '-d', target], commandOptions);
  } catch (error) {
    // 11: a pattern that fits nothing.
    if (/** @type {{status?: number}} */ (error).status !== 11) throw error;
  }
}
