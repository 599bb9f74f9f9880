import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCorpus, defaultTraining } from '../../src/core/configuration';
import { qualityOf } from '../../src/text/metrics';
import { appendHistory } from '../../src/store/history';
import { listIdentifiers, paths, publishModel, writeModel } from '../../src/store/modelDirectory';
import { deleteRun } from '../../src/store/pruning';
import { listRuns, readRunHeading, writeRunNote } from '../../src/store/runs';

const [first, second] = ['20260101-000000-aaaaaa', '20260102-000000-bbbbbb'] as const;

describe('the runs of a directory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recur-runs-'));
    for (const [run, perplexity] of [
      [first, 5],
      [second, 4],
    ] as const) {
      await mkdir(paths.run(directory, run), { recursive: true });
      const configuration = {
        ...{ formatVersion: 1, run, createdAt: '2026-01-01T00:00:00.000Z', folders: [], corpus: defaultCorpus },
        ...{ training: defaultTraining, codePoints: [], split: [] },
      };
      await writeFile(paths.runConfiguration(paths.run(directory, run)), JSON.stringify(configuration));
      const history = paths.history(paths.run(directory, run));
      await appendHistory(history, { type: 'validation', step: 10, ...qualityOf(Math.log(perplexity)) });
      await appendHistory(history, { type: 'validation', step: 20, ...qualityOf(Math.log(perplexity + 1)) });
      const manifest = {
        ...{ id: run.replace('000000', '000100'), run, createdAt: '2026-01-01T00:00:00.000Z' },
        ...{ model: defaultTraining.model, codePoints: [], step: 10, validation: null, test: null },
      };
      const write = run === second ? publishModel : writeModel;
      await write(directory, manifest, new Map([['model.onnx', new Uint8Array(1)]]));
    }
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are as old as their last reading of the workspace, where that was written down', async () => {
    const history = paths.history(paths.run(directory, first));
    const begun = {
      ...{ type: 'start' as const, step: 0, trainCharacters: 1, validationCharacters: 1, testCharacters: 0 },
      ...{ vocabulary: 2, uniform: qualityOf(1), unigram: null },
    };
    await appendHistory(history, { ...begun, at: 1_000 });
    await appendHistory(history, { ...begun, at: 5_000 });
    const [newer, older] = await listRuns(directory);
    expect([newer!.readAtMs, older!.readAtMs]).toEqual([Date.parse('2026-01-01T00:00:00.000Z'), 5_000]);
  });

  it('are listed with what was measured of them last, as the panel shows it above, and their model, the newest first', async () => {
    const runs = await listRuns(directory);
    expect(runs.map(({ id, inUse, steps }) => [id, inUse, steps])).toEqual([
      [second, true, 20],
      [first, false, 20],
    ]);
    expect(runs.map(({ perplexity }) => Math.round(perplexity!))).toEqual([5, 6]);
    expect(runs[1]!.model).toBe('20260101-000100-aaaaaa');
  });

  it('can be gone on with where they have left a checkpoint that is whole', async () => {
    const canContinue = async () => (await listRuns(directory)).map((run) => run.canContinue);
    expect(await canContinue()).toEqual([false, false]);
    const checkpoint = {
      ...{ formatVersion: 1, step: 5, codePoints: [], seconds: 1, characters: 1, epoch: 0, window: 0, random: {} },
      ...{ leg: { budget: {}, startStep: 0, startEpochs: 0, continued: false }, best: { step: 5, nats: 1 }, files: [] },
    };
    for (const [run, content] of [
      [first, JSON.stringify(checkpoint)],
      [second, '{"torn'],
    ] as const) {
      await mkdir(join(paths.run(directory, run), 'checkpoint-b'));
      await writeFile(join(paths.run(directory, run), 'checkpoint-b', 'manifest.json'), content);
    }
    expect(await canContinue()).toEqual([false, true]);
  });

  it('keep what their user calls them', async () => {
    await writeRunNote(directory, first, { name: 'Small', note: 'a try' });
    expect((await listRuns(directory))[1]!.note).toEqual({ name: 'Small', note: 'a try' });
    const createdAt = '2026-01-01T00:00:00.000Z';
    expect(await readRunHeading(directory, first)).toEqual({ createdAt, note: { name: 'Small', note: 'a try' } });
    expect(await readRunHeading(directory, second)).toEqual({ createdAt, note: { name: '', note: '' } });
    expect(await readRunHeading(directory, 'none')).toBeUndefined();
    await expect(writeRunNote(directory, '../x', { name: '', note: '' })).rejects.toThrow('no run');
  });

  it('go with their models, unless one of these is in use', async () => {
    await expect(deleteRun(directory, second)).rejects.toThrow('in use');
    await deleteRun(directory, first);
    expect(await listIdentifiers(paths.runs(directory))).toEqual([second]);
    expect(await listIdentifiers(paths.models(directory))).toEqual(['20260102-000100-bbbbbb']);
  });
});
