// npm run build: bundles worker, command line, demo and tests, and the workflows for Temporal's sandbox.
import { bundleWorkflowCode } from '@temporalio/worker';
import { build } from 'esbuild';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** @param {string} folder */
const testsIn = (folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);

await build({
  absWorkingDir: root,
  entryPoints: ['src/worker.ts', 'src/cli.ts', 'src/demo/demo.ts', ...testsIn('test')],
  outdir: 'dist',
  entryNames: '[name]',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  sourcemap: true,
  logLevel: 'warning',
});

const silent = () => undefined;
const logger = { log: silent, trace: silent, debug: silent, info: silent, warn: console.warn, error: console.error };
const { code } = await bundleWorkflowCode({ workflowsPath: path.join(root, 'src', 'workflows.ts'), logger });
writeFileSync(path.join(root, 'dist', 'workflows.js'), code);
