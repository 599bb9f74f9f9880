import { build } from 'esbuild';
import { join } from 'node:path';

/** Bundles a TypeScript entry for Node, as the build does, into a folder; gives the bundle's path. */
export async function bundleEntry(source: string, directory: string): Promise<string> {
  const outfile = join(directory, `${source.split('/').at(-1)!.replace(/\.ts$/, '')}.js`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node', '@tensorflow/*'],
    logLevel: 'error',
  });
  return outfile;
}
