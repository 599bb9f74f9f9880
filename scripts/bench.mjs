// npm run bench -- NAME [ARGUMENTS]: bundles bench/NAME.ts and runs it.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { moduleBundle } from './moduleBundle.mjs';

const projectRoot = path.resolve(import.meta.dirname, '..');
const [name = '', ...benchArguments] = process.argv.slice(2);
const source = path.join(projectRoot, 'bench', `${name}.ts`);

if (!/^\w+$/.test(name) || !existsSync(source)) {
  const names = readdirSync(path.join(projectRoot, 'bench')).filter((file) => file.endsWith('.ts'));
  console.error(
    `Usage: npm run bench -- NAME [ARGUMENTS], NAME one of: ${names.map((file) => path.parse(file).name).join(', ')}`,
  );
  process.exit(2);
}

// Inside the project, where the native packages are found.
const bundle = path.join(projectRoot, '.cache/bench', `${name}.mjs`);
await build({
  entryPoints: [source],
  outfile: bundle,
  ...moduleBundle,
  external: ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/*', 'typescript', 'playwright-core', 'esbuild'],
});
const { status } = spawnSync(process.execPath, [bundle, ...benchArguments], { stdio: 'inherit' });
process.exit(status ?? 1);
