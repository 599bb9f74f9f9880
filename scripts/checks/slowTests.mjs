/** Tests that start whole trainings, processes or browsers and take many seconds, so that only npm test runs them: globs. */
export const slowTests = [
  'test/bench/**',
  'test/cli/**',
  'test/engine/main.test.ts',
  'test/ipc/**',
  'test/panel/panel.test.ts',
  'test/scripts/soak.test.ts',
  'test/training/loop/**',
  'test/training/probing/**',
  'test/training/threads/**',
];
