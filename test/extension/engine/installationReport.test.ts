import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors';
import { installationReport, type InstallationFacts } from '../../../src/extension/engine/installationReport';

const facts: InstallationFacts = {
  versions: { Recur: '0.1.0', Node: '24.0.0' },
  modelDirectory: '/storage',
  engine: {
    answers: null,
    isBase: false,
    model: null,
    id: null,
    provider: null,
    reason: 'No model is loaded.',
    validation: null,
  },
  trainer: {
    backend: 'wasm',
    version: '4.22.0',
    fusedOps: { BlockLSTMV2: false },
    stepMilliseconds: 41.26,
    warnings: ['The native library is missing; training is slower.'],
  },
  providers: [
    {
      provider: 'cpu',
      works: true,
      detail: '0.234 ms a step, 15.6 ms for 512 characters.',
      times: { stepMs: 0.2341, completionMs: 14.98, prefixMs: 31.1, scoringMs: 2345.6 },
    },
    {
      provider: 'cuda',
      works: false,
      detail: 'Its library is missing.',
      times: null,
    },
  ],
};

describe('installation report', () => {
  it('says what works, and how fast', () => {
    const report = installationReport(facts);
    expect(report).toContain('- Works, on wasm 4.22.0: one step takes 41.3 ms.');
    expect(report).toContain('- Fused operations: BlockLSTMV2 no.');
    expect(report).toContain('- The native library is missing; training is slower.');
    expect(report).toContain('- cpu: works. 0.234 ms a step, 15.6 ms for 512 characters.');
    expect(report).toContain('- cuda: does not work. Its library is missing.\n');
    expect(report).toContain('| cpu | 0.234 ms | 15.0 ms | 31.1 ms | 2,346 ms |\n');
    expect(report).not.toContain('| cuda');
    expect(report).toContain('- Folder: /storage');
  });

  it('says why a part could not be tried', () => {
    const trainer = new UserError('TensorFlow cannot be loaded.', 'Run the set-up again.');
    const report = installationReport({ ...facts, trainer, providers: new Error('The process has ended.') });
    expect(report).toContain('- Does not work: TensorFlow cannot be loaded. Run the set-up again.');
    expect(report).toContain('- Does not work: The process has ended.');
  });
});
