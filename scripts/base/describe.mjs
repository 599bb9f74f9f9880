// What a delivered package says of itself: name, version, licence.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readCopyright } from './debianCopyright.mjs';

/** Terms that a package states in prose only; read there by a person. @type {Readonly<Record<string, string>>} */
const statedInProse = {
  'debian c-ares': 'MIT',
  'debian cargo': 'MIT OR Apache-2.0',
  'debian debootstrap': 'MIT',
  'debian golang-1.19': 'BSD-3-Clause',
  'debian hugo': 'Apache-2.0',
  'debian libjpeg-turbo': 'BSD-3-Clause',
  'debian libwebp': 'BSD-3-Clause',
  'debian mesa': 'MIT',
  'debian python3.11': 'PSF-2.0',
  'debian rustc': 'MIT OR Apache-2.0',
  'debian wayland': 'MIT',
  'debian weston': 'MIT',
  'pypi huey': 'MIT',
  'pypi peewee': 'MIT',
};

/**
 * @param {import('./delivered.mjs').Delivered} archive
 * @returns {{name: string, version: string, licence: string}}
 */
export function describePackage({ registry, files }) {
  const stated = { npm: npmPackage, pypi: wheel, debian: debianSource }[registry](files);
  return { ...stated, licence: statedInProse[`${registry} ${stated.name}`] ?? stated.licence };
}

/**
 * @typedef {{name?: string, version?: string, license?: string | {type: string}, licenses?: {type: string}[]}} NpmManifest
 * @param {readonly string[]} files
 */
function npmPackage([file = '']) {
  const members = execFileSync('tar', ['-tzf', file], { encoding: 'utf8', maxBuffer: 1 << 28 }).split('\n');
  const manifest = members.find((member) => /^[^/]+\/package\.json$/.test(member)) ?? '';
  const text = execFileSync('tar', ['-xzOf', file, manifest], { encoding: 'utf8', maxBuffer: 1 << 24 });
  /** @type {unknown} */
  const parsed = JSON.parse(text);
  const { name = '', version = '', license, licenses } = /** @type {NpmManifest} */ (parsed);
  const several = Array.isArray(licenses) ? licenses.map(({ type }) => type).join(' OR ') : '';
  return { name, version, licence: typeof license === 'string' ? license : (license?.type ?? several) };
}

/** @param {readonly string[]} files */
function wheel([file = '']) {
  const metadata = execFileSync('unzip', ['-p', file, '*.dist-info/METADATA'], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  });
  const head = metadata.split(/\n\r?\n/)[0] ?? '';
  const field = (/** @type {string} */ name) => new RegExp(`^${name}: *(.*?)\\r?$`, 'm').exec(head)?.[1];
  const classifiers = [...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.*?)\r?$/gm)].map(
    ([, name]) => name,
  );
  const licence = field('License-Expression') ?? (classifiers.join(' AND ') || (field('License') ?? '').trim());
  return { name: field('Name') ?? '', version: field('Version') ?? '', licence };
}

/** @param {readonly string[]} files the description first */
function debianSource([description = '', ...files]) {
  const text = readFileSync(description, 'latin1');
  const field = (/** @type {string} */ name) => new RegExp(`^${name}: *(.*)$`, 'm').exec(text)?.[1] ?? '';
  const packaging = files.find((file) => file.includes('.debian.tar.'));
  return {
    name: field('Source'),
    version: field('Version'),
    licence: packaging === undefined ? '' : mainLicence(packaging),
  };
}

/** Of all files that no other paragraph speaks of. @param {string} packaging */
function mainLicence(packaging) {
  const text = execFileSync('tar', ['-xOf', packaging, 'debian/copyright'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return readCopyright(text).find(({ globs }) => globs.some(({ source }) => source === '^.*$'))?.licence ?? '';
}
