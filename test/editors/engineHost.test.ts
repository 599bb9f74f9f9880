import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/core/errors';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createEngineHost, type EngineHost } from '../../src/editors/engineHost';
import type { EngineOptions } from '../../src/ipc/client';
import { ProcessEnded } from '../../src/ipc/processEnded';
import {
  noModel,
  type EngineEvents,
  type EngineStatus,
  type LoadRequest,
  type MemoryRequest,
} from '../../src/protocol/engine';
import { newEmitter } from './newEmitter';
import { patience } from '../patience';

/** What the engine was asked, and how it answers. */
const load = vi.fn<(request: LoadRequest, signal: AbortSignal) => Promise<EngineStatus>>();
const unload = vi.fn(() => Promise.resolve());
let options: EngineOptions;
let events: Partial<EngineEvents>;

vi.mock('../../src/ipc/client', () => ({
  startEngine(given: EngineOptions, listeners: Partial<EngineEvents>) {
    [options, events] = [given, listeners];
    return { remote: { load, unload }, dispose: () => undefined };
  },
}));

const memory: MemoryRequest = { folders: [{ directory: '/w', name: 'w' }], corpus: defaultCorpus };
const damaged = new UserError('The model cannot be used: it is damaged.', 'Train again, or delete it.');
const directory = '/models';

/** What the settings and the disk say. */
let current: { readonly directory: string; readonly id: string } | undefined;
let base: string | undefined;
let remembered: MemoryRequest | undefined;
let report: ReturnType<typeof vi.fn<(error: unknown) => void>>;
let engines: EngineHost;

const answerOf = ({ directory: from, isBase, memory: asked }: LoadRequest): EngineStatus => {
  if (from === null) return { ...noModel, answers: 'memory', reason: 'The memory completes.' };
  const which = isBase === true ? { isBase, id: 'base' } : { id: current!.id };
  return { ...noModel, ...which, answers: asked === undefined ? 'network' : 'both', reason: 'It is fast.' };
};

beforeEach(() => {
  load.mockReset();
  unload.mockClear();
  load.mockImplementation((request) => Promise.resolve(answerOf(request)));
  [current, base, remembered] = [undefined, undefined, undefined];
  report = vi.fn<(error: unknown) => void>();
  engines = createEngineHost(
    {
      entry: 'engine.js',
      machineFolder: 'machine',
      logger: silentLogger,
      currentModel: () => Promise.resolve(current),
      base: () => Promise.resolve(base),
      provider: () => 'cpu',
      memory: () => remembered,
      calibrated: () => undefined,
      report,
    },
    newEmitter,
  );
});

const loaded = (): (string | null)[] => load.mock.calls.map(([request]) => request.directory);

describe('the engine is ready', () => {
  it('as soon as there is something that completes, whatever was there when it was first asked for', async () => {
    expect(await engines.ready()).toBeUndefined();
    expect(await engines.ready()).toBeUndefined();
    expect(loaded()).toEqual([]);
    remembered = memory;
    expect(await engines.ready()).toBeDefined();
    expect(engines.status.answers).toBe('memory');
    await engines.ready();
    expect(loaded()).toEqual([null]);
  });

  it('with the memory alone where the model is damaged, which is told once', async () => {
    [current, remembered] = [{ directory, id: 'a' }, memory];
    load.mockRejectedValueOnce(damaged);
    expect(await engines.ready()).toBeDefined();
    expect(engines.status).toMatchObject({ answers: 'memory', id: null });
    expect(engines.status.reason).toContain('it is damaged');
    load.mockRejectedValueOnce(damaged);
    await engines.reload();
    expect(engines.status.answers).toBe('memory');
    expect(loaded()).toEqual([directory, null, directory]);
    expect(report.mock.calls).toEqual([[damaged]]);
    current = { directory, id: 'b' };
    await engines.reload();
    expect(engines.status).toMatchObject({ answers: 'both', id: 'b', reason: 'It is fast.' });
  });

  it.each([
    { what: 'with the memory', asked: memory, answers: 'both' },
    { what: 'alone where the memory is off', asked: undefined, answers: 'network' },
  ])('with the model that comes with Recur before anything is trained, $what', async ({ asked, answers }) => {
    [base, remembered] = ['/base', asked];
    expect(await engines.ready()).toBeDefined();
    expect(engines.status).toMatchObject({ answers, isBase: true });
    current = { directory, id: 'a' };
    await engines.reload();
    expect(engines.status).toMatchObject({ answers, isBase: false, id: 'a' });
    expect(loaded()).toEqual(['/base', directory]);
  });

  it('with the model that comes with Recur in place of a damaged one, and with the memory where both are', async () => {
    [current, base, remembered] = [{ directory, id: 'a' }, '/base', memory];
    load.mockRejectedValueOnce(damaged);
    await engines.ready();
    expect(engines.status).toMatchObject({ answers: 'both', isBase: true });
    expect(engines.status.reason).toContain('it is damaged');
    await engines.unload();
    load.mockRejectedValueOnce(damaged).mockRejectedValueOnce(damaged);
    await engines.ready();
    expect(engines.status).toMatchObject({ answers: 'memory', isBase: false });
    expect(loaded()).toEqual([directory, '/base', directory, '/base', null]);
  });

  it('with the model that was in use where the next one is damaged', async () => {
    [current, remembered] = [{ directory, id: 'a' }, memory];
    await engines.ready();
    current = { directory, id: 'b' };
    load.mockRejectedValueOnce(damaged);
    await engines.reload();
    expect(engines.status).toMatchObject({ answers: 'both', id: 'a' });
    expect(loaded()).toEqual([directory, directory]);
  });

  it('not before a damaged model has changed, where there is nothing else', async () => {
    current = { directory, id: 'a' };
    load.mockRejectedValueOnce(damaged);
    expect(await engines.ready()).toBeUndefined();
    expect(await engines.ready()).toBeUndefined();
    expect(loaded()).toEqual([directory]);
    expect(engines.status.reason).toContain('it is damaged');
    current = { directory, id: 'b' };
    expect(await engines.ready()).toBeDefined();
    expect(engines.status.id).toBe('b');
  });

  it('again after a crash, when it has forgotten everything', async () => {
    [current, remembered] = [{ directory, id: 'a' }, memory];
    await engines.ready();
    const restarted = vi.fn();
    engines.onDidRestart(restarted);
    options.onRestart!();
    expect(restarted).toHaveBeenCalledTimes(1);
    expect(engines.status.answers).toBeNull();
    expect(await engines.ready()).toBeDefined();
    expect(loaded()).toEqual([directory, directory]);
  });
});

describe('an engine that ends while it loads a model', () => {
  const ended = new ProcessEnded('signal SIGKILL');
  const gone = new ProcessEnded('signal SIGKILL', true);

  /** Everything that is asked for until the next start finds no engine. */
  async function endsWhileLoading(): Promise<void> {
    load.mockRejectedValueOnce(ended).mockRejectedValueOnce(gone);
    await engines.reload();
    await engines.reload();
    load.mockReset();
    load.mockImplementation((request) => Promise.resolve(answerOf(request)));
    options.onRestart!();
    await engines.ready();
  }

  it('is followed by one that does without that model, until there is another one', async () => {
    [current, base, remembered] = [{ directory, id: 'a' }, '/base', memory];
    await engines.ready();
    current = { directory, id: 'b' };
    await endsWhileLoading();
    expect(loaded()).toEqual(['/base']);
    expect(engines.status).toMatchObject({ answers: 'both', isBase: true });
    expect(engines.status.reason).toContain('has ended while it loaded the model in /models');
    await engines.reload();
    expect(loaded()).toEqual(['/base']);
    current = { directory, id: 'c' };
    await engines.reload();
    expect(engines.status).toMatchObject({ answers: 'both', id: 'c', reason: 'It is fast.' });
  });

  it('ends with each model once, and goes on with the memory; each is told once', async () => {
    [current, base, remembered] = [{ directory, id: 'a' }, '/base', memory];
    await endsWhileLoading();
    await engines.unload();
    load.mockClear();
    await endsWhileLoading();
    await engines.reload();
    options.onRestart!();
    await engines.ready();
    expect(engines.status).toMatchObject({ answers: 'memory', isBase: false });
    expect(report.mock.calls.map(([error]) => (error as Error).message)).toEqual([
      'The completion engine has ended while it loaded the model in /models.',
      'The completion engine has ended while it loaded the model in /base.',
    ]);
  });

  it('has not ended of what is asked for before the next one has started, nor of the memory', async () => {
    [current, remembered] = [{ directory, id: 'a' }, memory];
    await engines.ready();
    current = { directory, id: 'b' };
    load.mockRejectedValueOnce(gone);
    await engines.reload();
    options.onRestart!();
    await engines.ready();
    expect(engines.status.id).toBe('b');
    current = undefined;
    await endsWhileLoading();
    expect(engines.status.answers).toBe('memory');
    expect(report).not.toHaveBeenCalled();
  });

  it('is no news where the load was taken back, or the window is closed', async () => {
    current = { directory, id: 'a' };
    let end: (error: Error) => void = () => undefined;
    load.mockReturnValueOnce(new Promise((_, reject) => (end = reject)));
    const ready = engines.ready();
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), patience);
    engines.dispose();
    end(ended);
    await ready;
    expect(report).not.toHaveBeenCalled();
  });
});

describe('a model is loaded', () => {
  it('once for all who ask for the same, and again for another one', async () => {
    [current, remembered] = [{ directory, id: 'a' }, memory];
    await Promise.all([engines.ready(), engines.reload(), engines.ready(), engines.reload()]);
    expect(loaded()).toEqual([directory]);
    current = { directory, id: 'b' };
    await Promise.all([engines.reload(), engines.reload()]);
    expect(loaded()).toEqual([directory, directory]);
    remembered = undefined;
    await engines.reconsider();
    expect(engines.status.answers).toBe('network');
  });

  it('by a change of settings only where anything was asked of the engine before', async () => {
    remembered = memory;
    await engines.reconsider();
    expect(loaded()).toEqual([]);
    await engines.ready();
    remembered = undefined;
    await engines.reconsider();
    expect(engines.status.answers).toBeNull();
    expect(unload).toHaveBeenCalledTimes(1);
  });

  it('no longer when it is taken back meanwhile, which is no failure', async () => {
    current = { directory, id: 'a' };
    load.mockImplementationOnce(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    const ready = engines.ready();
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1), patience);
    await engines.unload();
    expect(await ready).toBeUndefined();
    expect(report).not.toHaveBeenCalled();
    expect(await engines.ready()).toBeDefined();
  });
});

describe('what runs the model', () => {
  const times = { stepMs: 1, completionMs: 64, prefixMs: 10, scoringMs: 100 };
  const trials = [{ provider: 'webgpu', works: true, detail: 'It is fast.', times }];
  const onGpu = { completing: 'cpu', reading: 'webgpu', scoring: 'webgpu' };
  const found = { providers: onGpu, reason: 'The fastest here.', trials };
  const onProcessor = { completing: 'cpu', reading: 'cpu', scoring: 'cpu' };

  it('is known until another model is in use, its times also when a provider is lost', async () => {
    const told = vi.fn();
    engines.onDidChangeProviders(told);
    current = { directory, id: 'a' };
    await engines.ready();
    expect(engines.providers).toBeUndefined();
    events.providers!(found);
    expect(engines.providers).toEqual(found);
    events.providers!({ providers: onProcessor, reason: 'One is lost.', trials: [] });
    expect(engines.providers).toEqual({ providers: onProcessor, reason: 'One is lost.', trials });
    expect(engines.status.reason).toBe('One is lost.');
    current = { directory, id: 'b' };
    await engines.reload();
    expect(engines.providers).toBeUndefined();
    expect(told).toHaveBeenCalledTimes(3);
  });
});
