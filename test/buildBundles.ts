import { buildAll } from '../scripts/build.mjs';

/** Tests of the command line and of processes run the bundles: they are made from the sources under test. */
export async function setup(): Promise<void> {
  await buildAll({ log: () => undefined });
}
