/**
 * npm run package [-- --target NAME] [--fallback]: makes recur-NAME-VERSION.vsix, which installs and works without network, and
 * inspects it. Default: for this machine. --fallback: where a native library cannot be had here, its work is done by WebAssembly.
 */
import { parseArgs } from 'node:util';
import { makePackage } from './package/makePackage.mjs';
import { findTarget, hostTarget } from './package/targets.mjs';

try {
  const { values } = parseArgs({
    options: { target: { type: 'string' }, fallback: { type: 'boolean', default: false } },
  });
  await makePackage(findTarget(values.target ?? hostTarget()), values.fallback, (line) =>
    console.log(`package: ${line}`),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
