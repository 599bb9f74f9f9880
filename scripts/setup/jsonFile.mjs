import { readFileSync } from 'node:fs';

/**
 * @param {string} file
 * @returns {unknown} undefined where it is missing or was cut short
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
