import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createProbe, createProfile } from '../../../src/engine/providers/probe';
import { stepGraph } from '../../../src/onnx/stepGraph';
import { exported, model, never, vocabulary } from '../../inference/testSession';
import { bundleEntry } from '../../ipc/bundle';

const graph = { bytes: exported(), model, vocabulary, steps: stepGraph(exported()) };
const failed = (provider: string, detail: RegExp) => ({
  provider,
  works: false,
  times: null,
  detail: expect.stringMatching(detail) as string,
});
const limitMs = 2_000;

let directory: string;
let failing: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-prober-'));
  failing = await bundleEntry(join(import.meta.dirname, 'fixtures/failingProber.ts'), directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('trying a provider in a process of its own', () => {
  it.each([
    ['crashing', /^The process that tried it has ended \((signal SIGABRT|exit code \d+)\)\.$/],
    ['ending', /^The process that tried it has ended \(exit code 3\)\.$/],
    ['throwing', /The driver is of another century\./],
  ])('survives a %s driver, and says how it ended', async (provider, detail) => {
    const probe = createProbe({ entry: failing, logger: silentLogger });
    expect(await probe(graph, provider, never)).toEqual(failed(provider, detail));
  });

  it('gives up on a driver that never answers', async () => {
    const probe = createProbe({ entry: failing, logger: silentLogger, limitMs });
    expect(await probe(graph, 'hanging', never)).toEqual(failed('hanging', /did not answer within 2 seconds/));
    const pid = Number(await readFile(`${failing}.pid`, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), 10_000);
  });

  it('ends as soon as nobody has time for it any more', async () => {
    const controller = new AbortController();
    const probe = createProbe({ entry: failing, logger: silentLogger });
    const trying = probe(graph, 'hanging', controller.signal);
    controller.abort();
    await expect(trying).rejects.toMatchObject({ name: 'AbortError' });
    await expect(probe(graph, 'hanging', controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says so where the process cannot be started', async () => {
    const probe = createProbe({ entry: join(directory, 'none.js'), logger: silentLogger });
    expect(await probe(graph, 'cpu', never)).toEqual(failed('cpu', /has ended \(exit code 1\)/));
  });

  it('tries the processor for true, with times of everything a model is used for', async () => {
    const probe = createProbe({ entry: resolve('dist/prober.js'), logger: silentLogger });
    const { works, times } = await probe(graph, 'cpu', never);
    expect(works).toBe(true);
    expect(Object.keys(times!)).toEqual(['stepMs', 'completionMs', 'prefixMs', 'scoringMs']);
    expect(Object.values(times!).every((ms) => ms > 0)).toBe(true);
    expect(times!.scoringMs).toBeGreaterThan(times!.prefixMs);
  });

  it.skipIf(process.platform === 'darwin')('tells a provider that is not there', async () => {
    const probe = createProbe({ entry: resolve('dist/prober.js'), logger: silentLogger });
    expect(await probe(graph, 'coreml', never)).toEqual(failed('coreml', /\S/));
  });

  it('says where the nodes of a model ran, and what they took', async () => {
    const profile = createProfile({ entry: resolve('dist/prober.js'), logger: silentLogger });
    const { nodes, problem } = await profile(graph, 'cpu', never);
    expect(problem).toBeNull();
    expect(nodes.find(({ operator }) => operator === 'LSTM')).toMatchObject({
      provider: 'CPUExecutionProvider',
      runs: model.layers * 65,
    });
    expect(nodes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(nodes.map(({ share }) => share)).toEqual(nodes.map(({ share }) => share).toSorted((a, b) => b - a));
  });

  it.skipIf(process.platform === 'darwin')(
    'calls layers a problem that did not run where they were asked to',
    async () => {
      // onnxruntime drops a provider that its build lacks, and runs the graph on the CPU.
      const profile = createProfile({ entry: resolve('dist/prober.js'), logger: silentLogger });
      const { problem } = await profile(graph, 'coreml', never);
      expect(problem).toMatch(/ran on CPUExecutionProvider instead|has ended|could not be tried/);
    },
  );

  it('survives a driver that crashes while it is profiled', async () => {
    const profile = createProfile({ entry: failing, logger: silentLogger });
    expect((await profile(graph, 'crashing', never)).problem).toMatch(/has ended/);
  });
});
