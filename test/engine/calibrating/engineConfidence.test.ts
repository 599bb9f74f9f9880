import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { confidenceUnder } from '../../../src/offers/completionConfidence';
import type { ConfidenceCurves } from '../../../src/offers/measuring/completionFigures';
import { defaultCorpus } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { Completion, EngineFunctions } from '../../../src/protocol/engine';
import type { Confidence } from '../../../src/store/files';
import { paths } from '../../../src/store/modelDirectory';
import { constantWeights } from '../../inference/testSession';
import { publish, recordRun, temporaryFolder } from '../modelFolder';

const line = (index: number): string => `const answer${index % 7} = computeTheAnswer(question, 5);\n`;
const text = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => line(from + index)).join('');
const files = [
  { path: 'src/known.ts', text: text(0, 30), part: 'training' as const },
  { path: 'src/held.ts', text: text(11, 16), part: 'validation' as const },
];
const id = 'uniform-1';

let model: string;
let workspace: string;
let engine: EngineFunctions;
let told: (ConfidenceCurves | null)[];

beforeAll(async () => {
  model = await temporaryFolder('confidence-model');
  workspace = await temporaryFolder('confidence-workspace');
  await publish(model, id, constantWeights({}));
  await recordRun(model, { directory: workspace, name: 'w' }, files);
});

afterAll(async () => {
  for (const directory of [model, workspace]) await rm(directory, { recursive: true, force: true });
});

const start = (): EngineFunctions =>
  createEngine({ calibrated: (curves) => void told.push(curves) }, silentLogger, readWorkspaceMemory);

beforeEach(() => {
  told = [];
  engine = start();
});

const written = async (): Promise<Confidence> =>
  JSON.parse(await readFile(paths.confidence(model, id), 'utf8')) as Confidence;

async function load(): Promise<void> {
  const memory = { folders: [{ directory: workspace, name: 'w' }], corpus: defaultCorpus, patient: false };
  await engine.load({ directory: model, provider: 'cpu', memory });
  await engine.memoryReady();
}

async function complete(before: string): Promise<Completion> {
  const uri = 'file:///new.ts';
  engine.openDocument({ uri, path: 'new.ts', version: 1, text: before });
  const request = { uri, version: 1, offset: before.length, maxCharacters: 80, minimumConfidence: 0 };
  const answer = await engine.complete(request);
  if (answer.kind !== 'completion') throw new Error(`There is no completion: ${JSON.stringify(answer)}`);
  return answer.completion;
}

it('is fitted to the held-out files once a model is loaded, and kept for the next time', async () => {
  await load();
  const fitted = await written();
  expect(fitted.both!.places).toBeGreaterThan(100);
  const { confidence } = await complete('const answer3 = comp');
  // These lines come again and again: what is drawn within them is nearly always right.
  expect(confidence).toBeGreaterThan(0.6);
  const others = createEngine({ evaluated: () => undefined }, silentLogger, readWorkspaceMemory);
  engine = others;
  await load();
  expect((await complete('const answer3 = comp')).confidence).toBe(confidence);
});

it('is told, with what it is worth at places that the fit has not seen, when it is fitted or read back', async () => {
  await rm(paths.confidence(model, id), { force: true });
  await load();
  const { curves, places } = (await written()).both!;
  expect(told).toEqual([curves]);
  const { reliability, operatingPoints } = curves!;
  const offered = reliability.reduce((sum, { count }) => sum + count, 0);
  expect(offered).toBeGreaterThan(100);
  expect(offered).toBeLessThanOrEqual(places);
  expect(operatingPoints[0]).toMatchObject({ threshold: 0, shownShare: offered / places });
  const shares = operatingPoints.map(({ shownShare }) => shownShare);
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  // Nearly all of what is drawn in these lines is right, at the threshold in use too, and who asks for most confidence gets more of it.
  const right = (index: number): number => operatingPoints[index]!.precision!;
  expect(right(0)).toBeGreaterThan(0.5);
  expect(right(10)).toBeGreaterThan(0.98);
  expect(right(19)).toBeGreaterThan(right(0));
  engine = start();
  await load();
  expect(told).toEqual([curves, curves]);
  engine.unload();
  expect(told.at(-1)).toBeNull();
});

it('decides how much is offered', async () => {
  await load();
  const kept = await written();
  // Those of whole lines and of beginnings that are always there.
  const unsure = kept.both!.coefficients.map((value, index) => (index === 3 || index === 9 ? value - 20 : value));
  await writeFile(
    paths.confidence(model, id),
    JSON.stringify({ ...kept, both: { ...kept.both, coefficients: unsure } }),
  );
  engine = createEngine({ evaluated: () => undefined }, silentLogger, readWorkspaceMemory);
  await load();
  expect((await complete('const answer3 = comp')).confidence).toBeLessThan(0.01);
});

it.each(['', '{"formatVersion":1,"both":{"places":600,"coefficients":["1"],"offsets":{}}}'])(
  'is fitted again where what was kept is damaged: %j',
  async (damaged) => {
    await writeFile(paths.confidence(model, id), damaged);
    await load();
    const place = { position: 9, extension: '.ts' };
    const cut = { isWholeLine: true, probability: 0.9, leastProbability: 0.95, length: 10, ahead: 'agrees' as const };
    const confidence = confidenceUnder((await written()).both!, place)(cut);
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThan(1);
  },
);
