import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { extensionFiles } from '../package/stage.mjs';
import { findTarget, hostTarget, nativeParts } from '../package/targets.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { projectRoot } from '../setup/prepare.mjs';

const recordFile = path.join(projectRoot, '.cache/package.sha256');

/** Of everything that goes into the package and may change from day to day; the packages it carries are in the lock file. */
async function fingerprint() {
  const { files: native } = nativeParts(projectRoot, findTarget(hostTarget()));
  const files = await extensionFiles(projectRoot, native);
  const own = files.map(({ source }) => source).filter((source) => !source.startsWith('node_modules/'));
  const hash = createHash('sha256').update(JSON.stringify(files));
  for (const file of [...own, 'package.json', 'package-lock.json'])
    hash.update(readFileSync(path.join(projectRoot, file)));
  return hash.digest('hex');
}

/**
 * The VSIX of what stands in dist, made by npm run package unless that was done.
 * @returns {Promise<string>}
 * @throws {Error} where it cannot be made
 */
export async function freshPackage() {
  const { version } = /** @type {{ version: string }} */ (readJson(path.join(projectRoot, 'package.json')));
  const vsix = path.join(projectRoot, `recur-${hostTarget()}-${version}.vsix`);
  const wanted = await fingerprint();
  const made = existsSync(vsix) && existsSync(recordFile) ? readFileSync(recordFile, 'utf8') : undefined;
  if (made === wanted) return vsix;
  // What cannot be had on this machine its tests have to do without.
  const script = path.join(projectRoot, 'scripts/package.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--fallback']);
  if (status !== 0) throw new Error(`npm run package has failed:\n${String(stdout)}${String(stderr)}`);
  writeFileSync(recordFile, await fingerprint());
  return vsix;
}
