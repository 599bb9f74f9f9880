import { access, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { defaultCorpus, exportIntervalMs } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { CompletionAnswer, EngineFunctions, EngineStatus } from '../../../src/protocol/engine';
import { paths } from '../../../src/store/modelDirectory';
import { constantWeights } from '../../inference/testSession';
import { publish, recordRun, temporaryFolder } from '../modelFolder';

const line = (index: number): string => `const answer${index % 7} = computeTheAnswer(question, 5);\n`;
const text = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join('');
const open = { uri: 'file:///new.ts', path: 'new.ts', version: 1, text: 'const answer3 = comp' };
/** For a busy machine; the engine's own time hardly passes meanwhile. */
const patience = { timeout: 150_000, interval: 1 };
/** A pause of whoever works. */
const pauseMs = 1_000;

let model: string;
let workspace: string;
let engine: EngineFunctions;
let warnings: string[];
let exports = 0;

beforeAll(async () => {
  model = await temporaryFolder('fitting-model');
  workspace = await temporaryFolder('fitting-workspace');
  await recordRun(model, { directory: workspace, name: 'w' }, [
    { path: 'src/known.ts', text: text(30), part: 'training' },
    { path: 'src/held.ts', text: text(3), part: 'validation' },
    { path: 'src/other.ts', text: text(2), part: 'validation' },
  ]);
});
afterAll(async () => {
  for (const directory of [model, workspace]) await rm(directory, { recursive: true, force: true });
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  engine = createEngine({}, logger, readWorkspaceMemory);
});
afterEach(() => {
  engine.unload();
  expect(warnings).toEqual([]);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Loads the model in use, and waits until what is kept of it is read: its time begins then. */
async function load(): Promise<EngineStatus> {
  const memory = { folders: [{ directory: workspace, name: 'w' }], corpus: defaultCorpus };
  const status = await engine.load({ directory: model, provider: 'cpu', memory });
  await engine.memoryReady();
  return status;
}

/** As a training does it. */
async function loadExport(): Promise<string> {
  const id = `export-${++exports}`;
  await publish(model, id, constantWeights({}));
  await load();
  return id;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const hasWeights = (id: string): Promise<boolean> => exists(paths.calibration(model, id));
const hasConfidence = (id: string): Promise<boolean> => exists(paths.confidence(model, id));

/** Time passes, and whatever is due by then is begun. */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
  for (let turn = 0; turn < 50; turn++) await setImmediate();
}

/** Runs of the network since now that read held-out documents: two side by side, as nothing else does. */
function countPieces(): () => number {
  const run = vi.spyOn((InferenceSession as unknown as { prototype: InferenceSession }).prototype, 'run');
  return () => run.mock.calls.filter(([{ ids }]) => ids!.dims[1] === 2).length;
}

const ask = (): Promise<CompletionAnswer> =>
  engine.complete({ uri: open.uri, version: 1, offset: open.text.length, maxCharacters: 20 });

it('fits a model that stays, in a pause, and not those that a training replaces', async () => {
  const replaced: string[] = [];
  engine.openDocument(open);
  for (let count = 0; count < 4; count++) {
    replaced.push(await loadExport());
    await pass(exportIntervalMs);
  }
  const last = await loadExport();
  await pass(2 * exportIntervalMs + pauseMs);
  await vi.waitFor(async () => expect(await hasConfidence(last)).toBe(true), patience);
  expect(await hasWeights(last)).toBe(true);
  for (const id of replaced) expect([await hasWeights(id), await hasConfidence(id)]).toEqual([false, false]);
});

it('does nothing while somebody works, and goes on in the next pause', async () => {
  const pieces = countPieces();
  const id = await loadExport();
  engine.openDocument(open);
  for (let moves = 1; moves < (6 * exportIntervalMs) / pauseMs; moves++) {
    engine.moveCursor(open.uri, 1, moves % 10);
    await vi.advanceTimersByTimeAsync(pauseMs / 2);
  }
  expect(pieces()).toBe(0);
  await pass(pauseMs);
  await vi.waitFor(() => expect(pieces()).toBeGreaterThan(0), patience);
  const before = pieces();
  await ask();
  // The one that had begun may have ended.
  expect(pieces()).toBeLessThanOrEqual(before + 1);
  const held = pieces();
  await pass(pauseMs / 2);
  expect(pieces()).toBe(held);
  await vi.waitFor(async () => expect(await hasConfidence(id)).toBe(true), patience);
});

it('is given up when another model is loaded, or none', async () => {
  const pieces = countPieces();
  const ids: string[] = [];
  engine.openDocument(open);
  for (const isReplaced of [true, false]) {
    ids.push(await loadExport());
    const before = pieces();
    await pass(2 * exportIntervalMs + pauseMs);
    await vi.waitFor(() => expect(pieces()).toBeGreaterThan(before), patience);
    if (isReplaced) await loadExport();
    else engine.unload();
    const begun = pieces();
    await pass(exportIntervalMs);
    expect(pieces()).toBeLessThanOrEqual(begun + 1);
  }
  for (const id of ids) expect(await hasConfidence(id)).toBe(false);
});

it('goes on for a model that is loaded again', async () => {
  const pieces = countPieces();
  const id = await loadExport();
  engine.openDocument(open);
  await pass(2 * exportIntervalMs - pauseMs);
  expect(pieces()).toBe(0);
  expect(await load()).toMatchObject({ id });
  await pass(2 * pauseMs);
  await vi.waitFor(() => expect(pieces()).toBeGreaterThan(0), patience);
});
