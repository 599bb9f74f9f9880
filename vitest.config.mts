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
    // What loads onnxruntime by itself, without src/inference/runtime.ts.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
