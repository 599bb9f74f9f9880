import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a small workspace of regular code.
 * @param {string} workspace
 */
export function writeCorpus(workspace) {
  mkdirSync(workspace, { recursive: true });
  for (let file = 0; file < 12; file++) {
    const lines = Array.from({ length: 80 }, (_, line) => `const value${line} = compute(${file * line}, 'text');`);
    writeFileSync(path.join(workspace, `file${file}.js`), lines.join('\n'));
  }
}
