// npm run fuzz [-- CASES]: the property tests (test/**/*.property.test.ts) with so many cases each, 100,000 by default.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const projectRoot = path.resolve(import.meta.dirname, '..');
const [cases = '100000'] = process.argv.slice(2);

if (!/^[1-9]\d*$/.test(cases)) {
  console.error('Usage: npm run fuzz [-- CASES]');
  process.exit(2);
}
const vitest = path.join(projectRoot, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'property.test', '--testTimeout', '0'], {
  cwd: projectRoot,
  env: { ...process.env, FUZZ_CASES: cases },
  stdio: 'inherit',
});
process.exit(status ?? 1);
