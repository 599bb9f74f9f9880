import { bundles } from './scripts/build.mjs';

/**
 * What nothing imports from here, and which packages are not used or not declared.
 * @type {import('knip').KnipConfig}
 */
export default {
  entry: [
    ...bundles.map(({ source }) => source),
    'scripts/*.mjs',
    'scripts/host/windowRun.mjs',
    'bench/*.ts',
    'bench/completion/editor{.mjs,Suite.ts}',
    'test/host/{runInHost,runWindow}.ts',
    'test/host/{suite,window}/*.test.ts',
    'test/**/fixtures/*',
  ],
  project: ['src/**/*.ts', 'scripts/**/*.mjs', 'bench/**/*.{ts,mjs}', 'test/**/*.{ts,mts}'],
  ignore: ['test/fixtures/**'],
  // Types of a module that only the editor has; headers that a C++ compiler reads.
  ignoreDependencies: ['@types/vscode', 'node-api-headers'],
  ignoreBinaries: ['nvidia-smi', 'unshare', 'strace', 'mount', 'umount', 'mkfifo', 'cc'],
};
