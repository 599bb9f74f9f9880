import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';

/** @param {string} folder that VS Code reads a settings.json from @param {Record<string, unknown>} settings */
export function writeSettings(folder, settings) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
}

/**
 * Settings of a VS Code server: the user's win over the machine's, but some are read from one of the two only.
 * @param {string} dataFolder @param {Record<string, unknown>} settings
 */
export function writeServerSettings(dataFolder, settings) {
  for (const kind of ['User', 'Machine']) writeSettings(path.join(dataFolder, 'data', kind), settings);
}

/** @param {string} folder that VS Code reads a settings.json from @returns {Record<string, unknown>} none where it cannot be read */
export function readSettings(folder) {
  const settings = readJson(path.join(folder, 'settings.json'));
  return typeof settings === 'object' && settings !== null ? { ...settings } : {};
}
