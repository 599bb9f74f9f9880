// Lines that stand nowhere else, laid into the training text some number of times: what a model can be made to recite of
// them tells what it might recite of anything else that it has read as often (Carlini et al. 2019, arXiv 1802.08232).
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How often lines are laid in, two lines for each. */
export const canaryCounts = [1, 8, 64, 512];
const lettersOfSecret = 16;

/** @typedef {{line: string, secret: string, times: number}} Canary `line` ends in `secret`, which is random */

/** @returns {Canary[]} always the same ones */
export function canaries() {
  return canaryCounts.flatMap((times) =>
    [0, 1].map((index) => {
      const name = `${times}-${index}`;
      const secret = lettersOf(`secret ${name}`, lettersOfSecret);
      return { line: `const shelfMark${lettersOf(`name ${name}`, 6)} = "${secret}`, secret, times };
    }),
  );
}

/**
 * Letters that no one has chosen.
 * @param {string} seed @param {number} count
 */
export function lettersOf(seed, count) {
  const bytes = createHash('sha512').update(seed).digest();
  return Array.from(bytes.subarray(0, count), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

/** A file for each time that a line is laid in, different ones, since exact copies are left out. @param {string} folder of the training text */
export function layCanaries(folder) {
  for (const [number, { line, times }] of canaries().entries()) {
    for (let time = 0; time < times; time++) {
      const file = path.join(folder, `shelves/${number}/${lettersOf(`file ${number} ${time}`, 10)}.ts`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `export const ${lettersOf(`other ${number} ${time}`, 12)} = ${time};\n${line}";\n`);
    }
  }
}
