import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import type { CompletionFigures } from '../../../src/offers/measuring/completionFigures';
import type { CompletionEvaluationRequest, EngineFunctions } from '../../../src/protocol/engine';
import { constantWeights } from '../../inference/testSession';
import { publish, recordRun, temporaryFolder } from '../modelFolder';

const names = [
  'apple',
  'birch',
  'cedar',
  'dahlia',
  'elder',
  'fern',
  'grape',
  'hazel',
  'iris',
  'jasmine',
  'kale',
  'lily',
];
const lines = names.map((name) => `  const ${name} = ${name}From(question);`);
const files = [
  { path: 'src/known.ts', text: `${lines.join('\n')}\n`, part: 'training' as const },
  {
    path: 'src/held.ts',
    text: '  const held = heldFrom(question);\nexport { held };\n',
    part: 'validation' as const,
  },
  { path: 'src/test.ts', text: `/* Licence */\n${lines.slice(2, 8).join('\n')}\nnever();\n`, part: 'test' as const },
];
const request: CompletionEvaluationRequest = {
  ...{ files: { split: 'test' }, model: 'both', positions: 60, lines: 4, seed: 1 },
  ...{ prose: 'quiet', maxCharacters: 80, minimumConfidence: 0.2 },
};

const evaluate = async (asked: CompletionEvaluationRequest): Promise<CompletionFigures> =>
  (await engine.evaluateCompletions(asked)).figures;

let model: string;
let workspace: string;
let engine: EngineFunctions;

beforeAll(async () => {
  model = await temporaryFolder('completions-model');
  workspace = await temporaryFolder('completions-workspace');
  // A network that knows nothing: whatever is right comes from the memory.
  await publish(model, 'uniform-1', constantWeights({}));
  await recordRun(model, { directory: workspace, name: 'w' }, files);
  engine = createEngine({ evaluated: () => undefined }, silentLogger);
  await engine.load({ directory: model, provider: 'cpu' });
});

afterAll(async () => {
  for (const directory of [model, workspace]) await rm(directory, { recursive: true, force: true });
});

it('finds right what the workspace says elsewhere, and nothing where nothing is remembered', async () => {
  const both = await evaluate(request);
  expect(both.positions).toBe(60);
  expect(both.exactShare).toBeGreaterThan(0.3);
  expect(both.precision).toBeGreaterThan(0.5);
  expect(both.keystrokesSaved.line).toBeGreaterThan(0.1);
  const network = await evaluate({ ...request, model: 'network' });
  expect(network).toMatchObject({ exactShare: 0, shownShare: 0, precision: null });
  expect(network.keystrokesSaved).toEqual({ line: 0, word: 0 });
  const memory = await evaluate({ ...request, model: 'memory' });
  expect(memory.exactShare).toBeGreaterThan(0.3);
});

it('never looks into the files that it measures', async () => {
  const text = 'nowhereElse(1, 2, 3);\n'.repeat(2);
  const paths = [{ path: 'src/alone.ts', text, part: 'test' as const }];
  const other = await temporaryFolder('completions-alone');
  await recordRun(model, { directory: other, name: 'w' }, [...files.slice(0, 2), ...paths]);
  const figures = await evaluate({ ...request, positions: 20, lines: 0 });
  // Its first line was never seen before; the second is known from the first.
  expect(figures.positions).toBe(20);
  const firstLine = await evaluate({ ...request, positions: 1000, lines: 0 });
  expect(firstLine.exactShare).toBeLessThanOrEqual(0.5);
  await recordRun(model, { directory: workspace, name: 'w' }, files);
  await rm(other, { recursive: true, force: true });
});

it('gives the same figures for the same seed, and shows less the surer it must be', async () => {
  const figures = await evaluate(request);
  expect(await evaluate(request)).toEqual(figures);
  const shares = figures.curves.operatingPoints.map(({ shownShare }) => shownShare);
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
  const counted = figures.curves.reliability.reduce((sum, { count }) => sum + count, 0);
  expect(counted / figures.positions).toBeCloseTo(shares[0]!);
});

it('tells of each place and line what the figures are made of', async () => {
  const { figures, samples } = await engine.evaluateCompletions(request);
  expect(samples.exact).toHaveLength(figures.positions);
  expect(samples.exact.filter((exact) => exact).length / figures.positions).toBeCloseTo(figures.exactShare, 12);
  const [characters, keystrokes] = samples.lines.reduce(
    ([all, pressed], line) => [all + line.characters, pressed + line.keystrokes.word],
    [0, 0],
  );
  expect(1 - keystrokes / characters).toBeCloseTo(figures.keystrokesSaved.word, 12);
});
