import { describe, expect, it } from 'vitest';
import {
  chooseProvider,
  compareWithCpu,
  disagreement,
  fastest,
  recurrentProviders,
  tryProvider,
} from '../../src/inference/providers';
import { exported, model, vocabulary } from './testSession';

const graph = { bytes: exported(), model, vocabulary };
const trial = (provider: string, works: boolean, step: number | null, prefix: number | null) => ({
  provider,
  works,
  detail: `${provider}.`,
  stepMilliseconds: step,
  prefixMilliseconds: prefix,
});

describe('execution providers', () => {
  it('runs the recurrent nodes of a graph on the CPU, by its profile, and times it', async () => {
    expect(await recurrentProviders(graph, 'cpu')).toEqual(['CPUExecutionProvider', 'CPUExecutionProvider']);
    const { works, stepMilliseconds, prefixMilliseconds } = await tryProvider(graph, 'cpu');
    expect(works).toBe(true);
    expect(stepMilliseconds).toBeGreaterThan(0);
    expect(prefixMilliseconds).toBeGreaterThan(stepMilliseconds!);
  });

  it('compares what two providers compute on the same text', async () => {
    const { largest, difference } = await compareWithCpu(graph, 'cpu', { steps: 9, batch: 2 });
    expect(largest).toBeGreaterThan(0);
    expect(difference).toBe(0);
    await expect(compareWithCpu(graph, 'none', { steps: 9, batch: 2 })).rejects.toThrow();
    expect(await disagreement(graph, 'cpu')).toBeUndefined();
  });

  it.skipIf(process.platform === 'darwin')('calls one whose nodes ran elsewhere not working', async () => {
    // onnxruntime drops a provider that its build lacks, and runs the graph on the CPU.
    const { works, detail, stepMilliseconds } = await tryProvider(graph, 'coreml');
    expect([works, stepMilliseconds]).toEqual([false, null]);
    expect(detail).not.toBe('');
  });

  it.skipIf(process.platform === 'darwin')('refuses one that was asked for and does not work', async () => {
    await expect(chooseProvider(graph, 'coreml')).rejects.toThrow(/'coreml' does not work here/);
  });

  it('chooses one that works by itself', async () => {
    const { provider, reason, trials } = await chooseProvider(graph, 'auto');
    expect(trials.find((candidate) => candidate.provider === provider)?.works).toBe(true);
    expect(reason).toContain('Fastest');
  });

  it.each([
    { name: 'the faster one', trials: [trial('cpu', true, 0.1, 10), trial('cuda', true, 0.05, 5)], best: 'cuda' },
    {
      name: 'quick steps over a quick prefix',
      trials: [trial('cpu', true, 0.1, 10), trial('webgpu', true, 1, 1)],
      best: 'cpu',
    },
    {
      name: 'none that does not work',
      trials: [trial('cuda', false, null, null), trial('cpu', true, 9, 900)],
      best: 'cpu',
    },
  ])('prefers $name', ({ trials, best }) => {
    expect(fastest(trials).provider).toBe(best);
  });

  it('says why where nothing works', () => {
    expect(() => fastest([trial('cpu', false, null, null)])).toThrow(/No execution provider works here. cpu: cpu\./);
  });
});
