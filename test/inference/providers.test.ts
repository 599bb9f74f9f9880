import { describe, expect, it } from 'vitest';
import { compareWithCpu, disagreement } from '../../src/inference/agreement';
import { layersElsewhere, misplacedLayers } from '../../src/inference/profile';
import { describeChoice, fastestForWork } from '../../src/inference/providerChoice';
import { tryProvider } from '../../src/inference/providerTrial';
import type { ProviderTrial } from '../../src/protocol/providers';
import { exported, model, vocabulary } from './testSession';

const graph = { bytes: exported(), model, vocabulary };

describe('execution providers', () => {
  it('runs the recurrent nodes of a graph on the CPU, by its profile, and times it', async () => {
    expect(await layersElsewhere(graph, 'cpu')).toBeUndefined();
    const { works, times } = await tryProvider(graph, 'cpu');
    expect(works).toBe(true);
    expect(times!.stepMs).toBeGreaterThan(0);
    expect(times!.prefixMs).toBeGreaterThan(times!.stepMs);
  });

  it('compares what two providers compute on the same text', async () => {
    const { largest, difference } = await compareWithCpu(graph, 'cpu', { steps: 9, batch: 2 });
    expect(largest).toBeGreaterThan(0);
    expect(difference).toBe(0);
    await expect(compareWithCpu(graph, 'none', { steps: 9, batch: 2 })).rejects.toThrow();
    expect(await disagreement(graph, 'cpu')).toBeUndefined();
  });

  const onCpu = { operator: 'LSTM', provider: 'CPUExecutionProvider', microseconds: 1 };
  const onGpu = { ...onCpu, provider: 'CUDAExecutionProvider' };
  it.each([
    { name: 'all its layers', runs: [onGpu, onGpu], problem: undefined },
    {
      name: 'one of its layers',
      runs: [onGpu, onCpu, onCpu],
      problem: 'Its recurrent nodes ran on CPUExecutionProvider instead.',
    },
    {
      name: 'none of its layers',
      runs: [{ ...onGpu, operator: 'GRU' }],
      problem: 'Its profile shows no recurrent node.',
    },
    { name: 'other nodes too', runs: [onGpu, { ...onCpu, operator: 'Gather' }], problem: undefined },
  ])('judges a profile by where the layers ran: one that shows $name on it', ({ runs, problem }) => {
    expect(misplacedLayers(graph, 'cuda', runs)).toBe(problem);
  });

  it.skipIf(process.platform === 'darwin')('calls one whose nodes ran elsewhere not working', async () => {
    // onnxruntime drops a provider that its build lacks, and runs the graph on the CPU.
    const { works, detail, times } = await tryProvider(graph, 'coreml');
    expect([works, times]).toEqual([false, null]);
    expect(detail).not.toBe('');
  });

  const trial = (provider: string, completionMs?: number, prefixMs = 0, scoringMs = 0): ProviderTrial => ({
    provider,
    works: completionMs !== undefined,
    detail: '',
    times: completionMs === undefined ? null : { stepMs: completionMs / 64, completionMs, prefixMs, scoringMs },
  });
  it.each([
    { name: 'the processor where nothing was timed', trials: [trial('cuda')], best: ['cpu', 'cpu', 'cpu'] },
    {
      name: 'each for what it is fastest at',
      trials: [trial('cpu', 3, 20, 900), trial('cuda', 20, 9, 30), trial('webgpu', 90, 30, 20)],
      best: ['cpu', 'cuda', 'webgpu'],
    },
    {
      name: 'the processor in a near tie',
      trials: [trial('cuda', 2.9, 19, 800), trial('cpu', 3, 20, 900)],
      best: ['cpu', 'cpu', 'cpu'],
    },
    {
      name: 'none that does not work',
      trials: [trial('cpu', 900, 900, 900), trial('cuda')],
      best: ['cpu', 'cpu', 'cpu'],
    },
  ])('chooses $name', ({ trials, best }) => {
    expect(Object.values(fastestForWork(trials, 'cpu'))).toEqual(best);
  });

  it('says what does what', () => {
    expect(describeChoice({ completing: 'cpu', reading: 'cpu', scoring: 'cuda' })).toBe(
      'The fastest here: cpu for completing, cpu for reading, cuda for scoring.',
    );
    expect(describeChoice({ completing: 'cpu', reading: 'cpu', scoring: 'cpu' })).toMatch(/everything is cpu\.$/);
  });
});
