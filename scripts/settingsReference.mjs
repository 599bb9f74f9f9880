// npm run docs: writes docs/settings.md from package.json and package.nls.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { localizedManifest } from './docs/localizedManifest.mjs';
import { settingsReference } from './docs/settingsReference.mjs';
import { readJson } from './setup/jsonFile.mjs';

const root = path.resolve(import.meta.dirname, '..');
const file = path.join(root, 'docs', 'settings.md');
const texts = /** @type {Record<string, string>} */ (readJson(path.join(root, 'package.nls.json')));
const manifest = localizedManifest(readJson(path.join(root, 'package.json')), texts);
const options = await resolveConfig(file);
writeFileSync(file, await format(settingsReference(manifest), { ...options, parser: 'markdown' }));
console.log('docs: wrote docs/settings.md');
