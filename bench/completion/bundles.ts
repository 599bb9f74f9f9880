import { spawnSync } from 'node:child_process';

/** Bundles what the benchmark starts, so that it is never older than the sources. */
export function buildBundles(): void {
  if (spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' }).status !== 0) process.exit(1);
}
