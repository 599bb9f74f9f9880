// npm run soak -- starts [COUNT]: does again and again what must never fail, and says how often it did.
import path from 'node:path';
import { buildAll } from './build.mjs';
import { soakStarts } from './soak/starts.mjs';

const projectRoot = path.resolve(import.meta.dirname, '..');
const [name, count = '200'] = process.argv.slice(2);

if (name !== 'starts' || !/^[1-9]\d*$/.test(count)) {
  console.error('Usage: npm run soak -- starts [COUNT]');
  process.exit(2);
}
await buildAll({ log: () => undefined });
const { failures } = await soakStarts(path.join(projectRoot, 'dist'), Number(count), (line) => console.log(line));
console.log(`${count} starts of a training on two threads, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
