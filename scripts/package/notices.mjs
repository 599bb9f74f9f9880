import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';
import { projectRoot } from '../setup/prepare.mjs';
import { licencesOf } from './runtimeFiles.mjs';

/** @typedef {{name: string, version: string, license?: string, homepage?: string}} Manifest */

/** What was taken into our sources from projects that are no packages. */
const copied = [
  {
    title: 'gitleaks (MIT), the rules of config/gitleaks.toml, https://github.com/gitleaks/gitleaks',
    licence: 'src/corpus/secrets/gitleaksLicence.txt',
  },
];

/**
 * Writes out the licences of all packages that are part of ours, bundled or carried along.
 * @param {string} root folder of the project
 * @param {readonly string[]} folders of the packages, relative to the project
 * @returns {string} the text of ThirdPartyNotices.txt
 */
export function thirdPartyNotices(root, folders) {
  const notices = [...new Set(folders)].sort().map((folder) => noticeOf(root, folder));
  for (const { title, licence } of copied) {
    notices.push(`${title}\n\n${readFileSync(path.join(projectRoot, licence), 'utf8').trim()}`);
  }
  const intro = 'This package contains the following software of others, under the licences that stand with each.';
  return [intro, ...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n`);
}

/**
 * @param {string} root
 * @param {string} folder
 */
function noticeOf(root, folder) {
  const manifest = /** @type {Manifest} */ (readJson(path.join(root, folder, 'package.json')));
  const { name, version, license = 'see below', homepage = `https://www.npmjs.com/package/${name}` } = manifest;
  const texts = licencesOf(root, folder).map((file) => readFileSync(path.join(root, file), 'utf8').trim());
  return [`${name} ${version} (${license}), ${homepage}`, ...texts].join('\n\n');
}
