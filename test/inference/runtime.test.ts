import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { silentLogger } from '../../src/core/logger';
import { createEngine } from '../../src/engine/engineService';
import { failedTrial, tryProvider } from '../../src/inference/providerTrial';
import { loadRuntime, providersHere, type OnnxRuntime } from '../../src/inference/runtime';
import { createSession, zeroState } from '../../src/inference/session';
import { stepGraph } from '../../src/onnx/stepGraph';
import type { ProviderReport } from '../../src/protocol/providers';
import { publish, temporaryFolder } from '../engine/modelFolder';
import { exported, model, vocabulary } from './testSession';

const fails = (message: string) => () => Promise.reject<OnnxRuntime>(new Error(message));
const works = () => Promise.resolve({ env: {} } as OnnxRuntime);

describe('onnxruntime', () => {
  it('is the native one where that loads', async () => {
    const loaded = await loadRuntime(['native', 'wasm'], { native: works, wasm: fails('not asked') });
    expect(loaded).toMatchObject({ kind: 'native', warning: null, ort: { env: { logLevel: 'fatal' } } });
  });

  it('is the one of WebAssembly where the native one does not load, and says why', async () => {
    const native = fails("libc.so.6: version `GLIBC_2.34' not found");
    const { kind, warning } = await loadRuntime(['native', 'wasm'], { native, wasm: works });
    expect(kind).toBe('wasm');
    expect(warning).toMatch(/GLIBC_2\.34.*completions run on WebAssembly, slower\.$/);
    expect(warning).not.toContain('\n');
  });

  it('fails in one sentence where neither loads', async () => {
    const loading = loadRuntime(['native', 'wasm'], { native: fails('file too short'), wasm: fails('no WebAssembly') });
    await expect(loading).rejects.toThrow(/native: file too short; likely.*damaged.*; wasm: no WebAssembly/);
  });
});

describe('the WebAssembly onnxruntime', () => {
  beforeAll(() => vi.stubEnv('RECUR_ONNXRUNTIME', 'wasm'));
  afterAll(() => vi.unstubAllEnvs());
  const graph = { bytes: exported(), model, vocabulary, steps: stepGraph(exported()) };

  it('computes what the native one does', async () => {
    const ids = Int32Array.from({ length: 24 }, (_, index) => 3 + (index % (vocabulary.size - 3)));
    const wasm = await createSession(graph.bytes, model, vocabulary, { provider: 'wasm' });
    const { logits, state } = await wasm.run(ids, 1, zeroState(model));
    const { ort } = await loadRuntime(['native']);
    const native = await ort.InferenceSession.create(graph.bytes);
    const feeds: Record<string, InstanceType<OnnxRuntime['Tensor']>> = {
      ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length, 1]),
    };
    zeroState(model).forEach((zeros, index) => {
      feeds[`${['h', 'c'][index]!}_in`] = new ort.Tensor('float32', zeros, [model.layers, 1, model.hidden]);
    });
    const expected = await native.run(feeds);
    const difference = (a: Float32Array, b: Float32Array) =>
      Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));
    expect(difference(logits, expected.logits!.data as Float32Array)).toBeLessThan(1e-4);
    expect(difference(state[0]!, expected.h_out!.data as Float32Array)).toBeLessThan(1e-4);
    await wasm.release();
  });

  it.each(['auto', 'cpu'] as const)('is what %s uses, and says so', async (provider) => {
    const directory = await temporaryFolder('wasm');
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await publish(directory, 'wasm-1');
    const status = await createEngine({}, silentLogger).load({ directory, provider });
    expect(status.provider).toBe('wasm');
    expect(status.reason).toContain('completions run on WebAssembly');
  });

  it('is what is told of once nothing faster was found', async () => {
    const directory = await temporaryFolder('wasm');
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await publish(directory, 'wasm-1');
    const reports: ProviderReport[] = [];
    const engine = createEngine({ providers: (report) => reports.push(report) }, silentLogger, undefined, {
      probe: tryProvider,
    });
    await engine.load({ directory, provider: 'auto' });
    await engine.tryProviders();
    expect(reports.at(-1)).toMatchObject({
      providers: { completing: 'wasm' },
      reason: expect.stringContaining('completions run on WebAssembly') as string,
    });
  });

  it('is the only provider there is, and works', async () => {
    expect(await providersHere()).toEqual(['wasm']);
    expect(await tryProvider(graph, 'wasm')).toMatchObject({ provider: 'wasm', works: true });
    expect(await tryProvider(graph, 'cuda')).toEqual(failedTrial('cuda', expect.stringMatching(/./) as string));
  });
});
