// npm run soak [-- starts|kills [COUNT] | load [MINUTES]]: does again and again what must never fail, and says how often it did.
import path from 'node:path';
import { buildAll } from './build.mjs';
import { soakKills } from './soak/kills.mjs';
import { soakLoad } from './soak/load.mjs';
import { soakStarts } from './soak/starts.mjs';

const dist = path.join(path.resolve(import.meta.dirname, '..'), 'dist');
const log = (/** @type {string} */ line) => console.log(line);
const [name = 'all', count] = process.argv.slice(2);

if (!['all', 'starts', 'kills', 'load'].includes(name) || (count !== undefined && !/^[1-9]\d*$/.test(count))) {
  console.error('Usage: npm run soak [-- starts|kills [COUNT] | load [MINUTES]]');
  process.exit(2);
}
await buildAll({ log: () => undefined });
let failed = 0;
if (['all', 'starts'].includes(name)) failed += await starts(Number(count ?? 200));
if (['all', 'kills'].includes(name)) failed += await kills(Number(count ?? 100));
if (['all', 'load'].includes(name)) failed += await soakLoad(dist, Number(count ?? 5), log);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {number} starts */
async function starts(starts) {
  const { failures } = await soakStarts(dist, starts, log);
  console.log(`${starts} starts of a training on two threads, ${failures.length} failures`);
  return failures.length;
}

/** @param {number} asked */
async function kills(asked) {
  const { kills, duringCheckpoints, duringExports, loaded, resumed, failures } = await soakKills(dist, asked, log);
  console.log(
    `${kills} kills of a training, ${duringCheckpoints} of them within a checkpoint, ${duringExports} within an export; ` +
      `${loaded} models loaded, ${resumed} trainings resumed, ${failures.length} failures`,
  );
  return failures.length + (duringCheckpoints + duringExports >= 0.3 * asked ? 0 : 1);
}
