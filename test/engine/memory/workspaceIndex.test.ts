import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultCorpus, exportIntervalMs } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import type { BuildMemory } from '../../../src/engine/memory/memoryWorker';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { EngineFunctions, EngineStatus, MemoryRequest } from '../../../src/protocol/engine';
import { asciiVocabulary } from '../../onnx/randomWeights';
import { constantWeights } from '../../inference/testSession';
import { publish, temporaryFolder } from '../modelFolder';
import { patience } from '../../patience';

const line = 'const größe = computeTheSize(question, 42);';

let model: string;
let workspace: string;
let other: string;
let engine: EngineFunctions;
/** What was asked to be built, and how it ended. */
let builds: { readonly signal: AbortSignal; readonly release: () => void }[];

beforeAll(async () => {
  model = await temporaryFolder('index-model');
  workspace = await temporaryFolder('index-workspace');
  other = await temporaryFolder('index-other');
  await writeFile(join(workspace, 'known.ts'), `${line}\n${line}\n`);
  await writeFile(join(other, 'other.ts'), 'export function otherName(first, second);\n'.repeat(2));
});
afterAll(async () => {
  for (const folder of [model, workspace, other]) await rm(folder, { recursive: true, force: true });
});

/** Builds as the worker does, once it is let. */
const buildWhenReleased: BuildMemory = async (task, logger, signal) => {
  await new Promise<void>((resolve, reject) => {
    builds.push({ signal, release: resolve });
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  return readWorkspaceMemory(task, logger);
};

beforeEach(() => {
  builds = [];
  engine = createEngine({}, silentLogger, buildWhenReleased);
});

const requestOf = (directory: string): MemoryRequest => ({
  folders: [{ directory, name: 'w' }],
  corpus: defaultCorpus,
});

let exports = 0;

/** As a training does it; each has a vocabulary of its own, none of which knows the umlaut. */
async function loadExport(directory = workspace): Promise<EngineStatus> {
  const vocabulary = asciiVocabulary(60 + (exports % 40));
  await publish(model, `export-${++exports}`, constantWeights({}, vocabulary), vocabulary);
  return engine.load({ directory: model, provider: 'cpu', memory: requestOf(directory) });
}

const loadAlone = (directory = workspace): Promise<EngineStatus> =>
  engine.load({ directory: null, provider: 'cpu', memory: requestOf(directory) });

async function built(): Promise<void> {
  await vi.waitFor(() => expect(builds).not.toEqual([]), patience);
  builds.at(-1)!.release();
  await engine.memoryReady();
}

async function complete(text: string): Promise<string> {
  const uri = 'file:///new.ts';
  engine.openDocument({ uri, path: 'new.ts', version: 1, text });
  const answer = await engine.complete({
    ...{ uri, version: 1, offset: text.length, maxCharacters: 80 },
    minimumConfidence: 0,
  });
  return answer.kind === 'completion' ? answer.completion.text : '';
}

describe('the index of a workspace', () => {
  it('is built once, however many models are loaded meanwhile and afterwards', async () => {
    await loadExport();
    await loadExport();
    await built();
    expect(await complete('const gr')).toBe('öße = computeTheSize(question, 42);');
    await loadExport();
    expect(await complete('const größe = comp')).toBe('uteTheSize(question, 42);');
    expect(builds).toHaveLength(1);
  });

  it('that was there before the first network is there with it', async () => {
    await loadAlone();
    await built();
    expect(await loadExport()).toMatchObject({ answers: 'both' });
    expect(await complete('const größe = comp')).toBe('uteTheSize(question, 42);');
    expect(await loadAlone()).toMatchObject({ answers: 'memory' });
    expect(await complete('const gr')).toBe('öße = computeTheSize(question, 42);');
    expect(builds).toHaveLength(1);
  });

  it('is no longer built when another one is asked for, or none', async () => {
    await loadAlone();
    await vi.waitFor(() => expect(builds).toHaveLength(1), patience);
    await loadAlone(other);
    await vi.waitFor(() => expect(builds).toHaveLength(2), patience);
    expect(builds.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await built();
    expect(await complete('export function o')).toBe('therName(first, second);');
    await loadAlone();
    await vi.waitFor(() => expect(builds).toHaveLength(3), patience);
    engine.unload();
    expect(builds.map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
  });
});

describe('while a training exports at its interval', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('an index that takes longer than that arrives, once', async () => {
    const buildMs = 1.3 * exportIntervalMs;
    let count = 0;
    engine = createEngine({}, silentLogger, async (task, logger) => {
      count++;
      await new Promise((resolve) => setTimeout(resolve, buildMs));
      return readWorkspaceMemory(task, logger);
    });
    for (let exported = 0; exported < 8; exported++) {
      await loadExport();
      await vi.advanceTimersByTimeAsync(exportIntervalMs);
    }
    await vi.waitFor(
      async () => expect(await complete('const größe = comp')).toBe('uteTheSize(question, 42);'),
      patience,
    );
    expect(count).toBe(1);
  });
});
