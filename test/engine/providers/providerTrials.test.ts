import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import type { Machine } from '../../../src/engine/providers/keptTrials';
import { createProviderTrials, type ProviderTrials } from '../../../src/engine/providers/providerTrials';
import { failedTrial } from '../../../src/inference/providerTrial';
import { unhurried } from '../../../src/inference/readPrefix';
import type { ProviderTrial } from '../../../src/protocol/providers';
import { exported, model, vocabulary } from '../../inference/testSession';

const graph = { bytes: exported(), model, vocabulary };
const wider = { ...graph, model: { ...model, hidden: 24 } };
const ofAnotherCell = { ...graph, model: { ...model, cell: 'rnn' } as const };
const here: Machine = { machine: 'a', driver: '1', onnxruntime: '1.30.0' };
const working = (provider: string): ProviderTrial => ({
  ...{ provider, works: true, detail: 'It is fast.' },
  times: { stepMs: 1, completionMs: 64, prefixMs: 10, scoringMs: 100 },
});

const unwanted = () => Promise.reject(new Error('Nothing is to be profiled.'));

let folder: string;
/** Providers in the order in which they were tried. */
let tried: string[];
let failing: Set<string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recur-trials-'));
  tried = [];
  failing = new Set(['cuda', 'dml', 'coreml', 'webgpu']);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** What an engine knows that is started now. */
function newTrials(machine = here, where: string | undefined = folder): ProviderTrials {
  return createProviderTrials({
    ...{ folder: where, logger: silentLogger, machine: () => Promise.resolve(machine) },
    profile: unwanted,
    probe: (_, provider) => {
      tried.push(provider);
      return Promise.resolve(failing.has(provider) ? failedTrial(provider, 'It is broken.') : working(provider));
    },
  });
}

describe('what is known of execution providers', () => {
  it.each([
    ['an engine', () => newTrials(here, undefined)],
    ['a machine', newTrials],
  ])('is found out once for %s', async (_, make) => {
    const trials = make();
    expect(await trials.of(graph, 'webgpu', unhurried())).toEqual(failedTrial('webgpu', 'It is broken.'));
    expect(await trials.of(graph, 'webgpu', unhurried())).toEqual(failedTrial('webgpu', 'It is broken.'));
    expect(tried).toEqual(['webgpu']);
  });

  it('is known to the next engine', async () => {
    const first = await newTrials().all(graph, unhurried(), true);
    tried = [];
    expect(await newTrials().all(graph, unhurried(), true)).toEqual(first);
    expect(tried).toEqual([]);
  });

  it.each(['machine', 'driver', 'onnxruntime'] as const)('is found out again for another %s', async (part) => {
    await newTrials().of(graph, 'webgpu', unhurried());
    await newTrials({ ...here, [part]: 'another' }).of(graph, 'webgpu', unhurried());
    expect(tried).toEqual(['webgpu', 'webgpu']);
  });

  it('holds for all networks of a cell where it fails, and for its own where it is timed', async () => {
    const trials = newTrials();
    for (const tests of [graph, wider, ofAnotherCell]) await trials.of(tests, 'webgpu', unhurried());
    expect(tried).toEqual(['webgpu', 'webgpu']);
    failing.clear();
    tried = [];
    await trials.of(wider, 'cpu', unhurried());
    await trials.of(graph, 'cpu', unhurried());
    await trials.of(graph, 'cpu', unhurried());
    expect(tried).toEqual(['cpu', 'cpu']);
  });

  it('is found out again where the user asks, and what works now is tried with other networks too', async () => {
    const trials = newTrials();
    await trials.all(wider, unhurried());
    failing.clear();
    expect((await trials.again(graph, unhurried())).every(({ works }) => works)).toBe(true);
    expect(await trials.of(wider, 'webgpu', unhurried())).toEqual(working('webgpu'));
  });

  it('leaves the processor untimed where there is nothing to compare it with', async () => {
    const found = await newTrials().all(graph, unhurried());
    expect(found.some(({ provider }) => provider === 'cpu')).toBe(false);
    failing.delete('webgpu');
    await newTrials({ ...here, machine: 'b' }).all(graph, unhurried());
    expect(tried.at(-1)).toBe('cpu');
  });

  it('is found out again where the file is damaged, which is then replaced', async () => {
    await writeFile(join(folder, 'providers.json'), '{"trials": 3');
    await newTrials().of(graph, 'webgpu', unhurried());
    await newTrials().of(graph, 'webgpu', unhurried());
    expect(tried).toEqual(['webgpu']);
  });

  it('is found out in the next pause where one ends too soon', async () => {
    const pauses = [new AbortController(), new AbortController()];
    let pause = 0;
    const trials = createProviderTrials({
      ...{ folder, logger: silentLogger, machine: () => Promise.resolve(here) },
      profile: unwanted,
      probe: (_, provider, signal) => {
        tried.push(provider);
        if (pause === 1) pauses[0]!.abort();
        signal.throwIfAborted();
        return Promise.resolve(working(provider));
      },
    });
    expect(await trials.of(graph, 'webgpu', () => Promise.resolve(pauses[pause++]!.signal))).toEqual(working('webgpu'));
    expect(tried).toEqual(['webgpu', 'webgpu']);
  });

  it('is left open where nobody wants it any more', async () => {
    const unwanted = unhurried(AbortSignal.abort());
    await expect(newTrials().of(graph, 'webgpu', unwanted)).rejects.toMatchObject({ name: 'AbortError' });
    expect(tried).toEqual([]);
  });
});
