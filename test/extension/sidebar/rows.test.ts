import { describe, expect, it } from 'vitest';
import { defaultTraining } from '../../../src/core/configuration';
import { modelRows, runRows, type ModelFacts } from '../../../src/extension/sidebar/rows';
import type { ModelInUse } from '../../../src/extension/sidebar/storedModels';
import { emptyPanelState } from '../../../src/protocol/panelState';
import type { StoredRun } from '../../../src/store/runs';
import { qualityOf } from '../../../src/text/metrics';

const createdAt = '2026-11-20T08:00:00.000Z';
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const model: ModelInUse = {
  ...{ createdAt, quality: qualityOf(Math.log(4)), run: undefined },
  network: { ...defaultTraining.model, cell: 'lstm', layers: 1, hidden: 256 },
};
const facts: ModelFacts = {
  ...{ training: emptyPanelState, model, changed: { count: 0, files: [] } },
  ...{ nowMs: Date.parse(createdAt) + 3 * day, language: 'en' },
};
const shown = (changes: Partial<ModelFacts>) =>
  modelRows({ ...facts, ...changes }).map(({ id, label, description }) => [id, label, description]);

describe('the model in the side bar', () => {
  it('is nothing where nothing was trained: the welcome stands there', () => {
    expect(shown({ model: undefined, changed: undefined })).toEqual([]);
  });

  it('has its quality, its age, what has changed since, and its shape', () => {
    expect(shown({})).toEqual([
      ['quality', 'Perplexity 4.00', '2.00 bits/character'],
      ['age', 'Trained 3 days ago', ''],
      ['changes', 'No file has changed since', ''],
      ['network', 'LSTM 1×256', 'network'],
    ]);
  });

  it.each([
    [10_000, 'Trained just now'],
    [-hour, 'Trained just now'],
    [minute, 'Trained 1 minute ago'],
    [2.9 * hour, 'Trained 2 hours ago'],
    [day, 'Trained yesterday'],
    [400 * day, 'Trained 400 days ago'],
  ])('is so old after %i ms: %s', (ms, expected) => {
    const [, age] = modelRows({ ...facts, nowMs: Date.parse(createdAt) + ms });
    expect(age!.label).toBe(expected);
  });

  it('lists files that have changed, by names that turn nothing around', () => {
    const files = [{ path: 'src/\u202Egnp.ts', file: '/work/src/\u202Egnp.ts' }];
    const changes = modelRows({ ...facts, changed: { count: 1, files } }).find(({ id }) => id === 'changes')!;
    expect(changes.label).toBe('1 file changed since');
    expect(changes.rows).toMatchObject([{ label: 'src/\\u202egnp.ts', file: files[0]!.file }]);
    expect(shown({ changed: { count: 1_200, files } })[2]![1]).toBe('1200 files changed since');
  });

  it('has the training that runs above it, also where it is the first', () => {
    const validation = [{ type: 'validation' as const, step: 10, ...qualityOf(Math.log(6)) }];
    const training = { ...emptyPanelState, phase: 'training' as const, message: 'Training on 3 files…', validation };
    const row = ['training', 'Training on 3 files…', 'perplexity 6.00 · 1:05 left'];
    expect(shown({ training: { ...training, secondsLeft: 65 } })[0]).toEqual(row);
    expect(shown({ training: { ...training, secondsLeft: 65 }, model: undefined })).toEqual([row]);
  });

  it('says so where it was not measured, and nothing of changes that are not known', () => {
    const unmeasured = { ...model, quality: null, network: undefined };
    expect(shown({ model: unmeasured, changed: undefined }).map(([, label]) => label)).toEqual([
      'Not measured',
      'Trained 3 days ago',
    ]);
  });
});

describe('runs in the side bar', () => {
  const run: StoredRun = {
    ...{ id: 'r-1', createdAt, readAtMs: 0, training: defaultTraining, note: { name: '', note: '' }, steps: 100 },
    ...{ seconds: 300, perplexity: 4.2, model: 'm-1', inUse: false, canContinue: true },
  };

  it.each<[string, Partial<StoredRun>, string, string]>([
    ['in use', { inUse: true }, '4.20 · 5:00 · in use', 'run'],
    ['with a model', {}, '4.20 · 5:00', 'run removable usable'],
    ['without one', { model: null, perplexity: null }, '5:00 · no model left', 'run removable'],
  ])('tell of one that is %s what can be done with it', (_, changes, description, context) => {
    const [row] = runRows({ model, runs: [{ ...run, ...changes }] }, 'en');
    expect(row).toMatchObject({ id: 'r-1', description, context });
  });

  it('are called as their user calls them, or else by when they began', () => {
    const named = { ...run, note: { name: 'Wide', note: 'twice as many units' } };
    const [first, second] = runRows({ model, runs: [named, run] }, 'en');
    expect([first!.label, first!.tooltip.split('\n')[1]]).toEqual(['Wide', 'twice as many units']);
    expect(second!.label).toMatch(/^Nov 20, /);
  });
});
