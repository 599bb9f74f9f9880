import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Only the editor itself has its API; see the file that stands in for it.
  resolve: { alias: { vscode: fileURLToPath(new URL('test/extension/window/vscode.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**'],
    globalSetup: 'test/buildBundles.ts',
    reporters: ['default', './test/toldTests.mts'],
    pool: 'forks',
    // Those that start processes wait for them half of the time: two cores are not too few for two of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What loads onnxruntime by itself, without src/inference/runtime.ts.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    // Limits for what hangs, not for what is slow: others may keep the processor busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
