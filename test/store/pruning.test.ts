import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultCorpus, defaultTraining } from '../../src/core/configuration';
import { qualityOf } from '../../src/text/metrics';
import { writeFileAtomically } from '../../src/store/atomicFile';
import { formatVersion, type RunConfiguration } from '../../src/store/files';
import {
  findModel,
  graphName,
  paths,
  publishModel,
  readCalibration,
  readModel,
  writeCalibration,
} from '../../src/store/modelDirectory';
import { acquireLock } from '../../src/store/modelLock';
import { deleteModels, pruneModels, pruneRun } from '../../src/store/pruning';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-pruning-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Names as Recur makes them, the oldest first. */
const id = (number: number): string => `202601${String(number).padStart(2, '0')}-120000-abcdef`;
const createdAt = '2026-01-31T12:00:00.000Z';

function publish(model: string, run = id(1)): Promise<string> {
  const shape = { cell: 'lstm', hidden: 4, layers: 1, embedding: 2 } as const;
  const measured = { step: 1, validation: qualityOf(1), test: null };
  const manifest = { id: model, run, createdAt, model: shape, codePoints: [97], ...measured };
  return publishModel(directory, manifest, new Map([[graphName, Buffer.from('graph')]]));
}

async function record(run: string): Promise<string> {
  const configuration: RunConfiguration = {
    ...{ formatVersion, run, createdAt, folders: [], codePoints: [97], split: [], training: defaultTraining },
    corpus: { ...defaultCorpus, include: [], exclude: [] },
  };
  const folder = paths.run(directory, run);
  await writeFileAtomically(paths.runConfiguration(folder), JSON.stringify(configuration));
  return folder;
}

const use = (model: string): Promise<void> => writeFile(paths.current(directory), JSON.stringify({ model }));
const models = async (): Promise<string[]> => (await readdir(paths.models(directory))).sort();
const runs = async (): Promise<string[]> => (await readdir(paths.runs(directory))).sort();

async function raiseVersion(path: string): Promise<void> {
  const content = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...content, formatVersion: formatVersion + 1, meaning: 'another' }));
}

describe('pruning', () => {
  it('keeps the newest exports, never removes the one in use', async () => {
    for (const model of ['a', 'b', 'c']) await publish(model);
    await use('a');
    await pruneModels(directory, 1);
    expect(await models()).toEqual(['a', 'c']);
  });

  it('keeps the last model of as many trainings, however many exports each has made, and their runs', async () => {
    for (const run of [1, 2, 3]) {
      await record(id(run));
      for (const number of [1, 2, 3]) await publish(id(10 * (run - 1) + number), id(run));
    }
    await pruneModels(directory, 2);
    expect(await models()).toEqual([id(13), id(23)]);
    expect(await runs()).toEqual([id(2), id(3)]);
  });

  it('keeps what it is told to spare beside', async () => {
    for (const number of [1, 2, 3]) {
      await record(id(number));
      await publish(id(number + 10), id(number));
    }
    await pruneModels(directory, 1, [id(11)]);
    expect(await models()).toEqual([id(11), id(13)]);
    expect(await runs()).toEqual([id(1), id(3)]);
  });

  it('of a run that trains leaves what other runs have made', async () => {
    await publish(id(1), id(1));
    for (const number of [2, 3, 4]) await publish(id(number), id(2));
    await use(id(2));
    await pruneRun(directory, id(2));
    expect(await models()).toEqual([id(1), id(2), id(4)]);
  });

  const damages: Record<string, string> = {
    empty: '',
    torn: '{"formatVersion":1,',
    'of another form': '{"formatVersion":1,"id":"a"}',
  };

  it.each(Object.keys(damages))('goes on beside an old manifest that is %s, and removes that folder', async (name) => {
    for (const number of [1, 2, 3, 4]) {
      const folder = await record(id(number));
      const model = await publish(id(number + 10), id(number));
      if (number !== 2) continue;
      await writeFile(join(model, 'manifest.json'), damages[name]!);
      await writeFile(paths.runConfiguration(folder), damages[name]!);
    }
    await pruneRun(directory, id(4));
    await pruneModels(directory, 2);
    expect(await models()).toEqual([id(13), id(14)]);
    expect(await runs()).toEqual([id(3), id(4)]);
  });

  it('counts no damaged model among those to keep', async () => {
    for (const number of [1, 2, 3]) await publish(id(number), id(number));
    await writeFile(join(paths.model(directory, id(3)), 'manifest.json'), '');
    await pruneModels(directory, 1);
    expect(await models()).toEqual([id(2), id(3)]);
  });

  it('leaves what a newer version has written, and what is not ours', async () => {
    for (const number of [1, 2, 3]) {
      await record(id(number));
      await publish(id(number), id(number));
    }
    await raiseVersion(join(paths.model(directory, id(1)), 'manifest.json'));
    await raiseVersion(paths.runConfiguration(paths.run(directory, id(1))));
    await mkdir(paths.model(directory, 'foreign'));
    await pruneModels(directory, 1);
    expect(await models()).toEqual([id(1), id(3), 'foreign']);
    expect(await runs()).toEqual([id(1), id(3)]);
  });

  it('goes on beside a current.json that is damaged', async () => {
    for (const number of [1, 2]) await publish(id(number), id(number));
    await writeFile(paths.current(directory), '');
    await pruneModels(directory, 1);
    expect(await models()).toEqual([id(2)]);
  });

  it('keeps the calibration of a model as long as the model', async () => {
    const calibration = { trust: { all: [0.5] }, models: ['network', 'all'], exponents: { all: [0.4, 0.6] } };
    for (const model of ['a', 'b']) {
      await publish(model);
      await writeCalibration(await readModel(directory), calibration);
    }
    expect(await readCalibration(await readModel(directory))).toMatchObject(calibration);
    await pruneModels(directory, 1);
    expect(await readdir(join(directory, 'calibration'))).toEqual(['b.json']);
    // Not valid, and as it was written before it had names: both are made again.
    for (const trust of [{ all: [2] }, [0.5]]) {
      const older = { formatVersion: 1, trust, models: [], exponents: trust };
      await writeFile(join(directory, 'calibration/b.json'), JSON.stringify(older));
      expect(await readCalibration(await readModel(directory))).toBeUndefined();
    }
    await deleteModels(directory);
    expect(await readdir(join(directory, 'calibration'))).toEqual([]);
  });
});

describe('deleting', () => {
  it('removes only what is ours, also what a killed process left of it', async () => {
    await publish('a');
    await mkdir(join(paths.models(directory), '.tmp-b'));
    await mkdir(paths.model(directory, 'foreign'));
    await writeFile(join(paths.model(directory, 'foreign'), 'notes.txt'), 'mine');
    await deleteModels(directory);
    expect(await models()).toEqual(['foreign']);
    await expect(findModel(directory)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('removes damaged models and those of a newer version too', async () => {
    for (const number of [1, 2]) await publish(id(number));
    await raiseVersion(join(paths.model(directory, id(1)), 'manifest.json'));
    await writeFile(join(paths.model(directory, id(2)), 'manifest.json'), '{');
    const run = await record(id(3));
    await mkdir(join(run, 'checkpoint-a'));
    await writeFile(paths.runConfiguration(run), '{');
    await deleteModels(directory);
    expect([await models(), await runs()]).toEqual([[], []]);
  });

  it('leaves a folder that somebody has put something else into', async () => {
    const model = await publish(id(1));
    await writeFile(join(model, 'manifest.json'), '{');
    await writeFile(join(model, 'notes.txt'), 'mine');
    await deleteModels(directory);
    expect(await models()).toEqual([id(1)]);
  });

  it('is refused while a training holds the lock, and loses nothing', async () => {
    const model = await publish(id(1));
    const lock = await acquireLock(directory, 'training');
    await expect(deleteModels(directory)).rejects.toMatchObject({ name: 'UserError' });
    expect(await findModel(directory)).toBe(model);
    await lock.release();
    await deleteModels(directory);
    expect(await readdir(directory)).toEqual(['models']);
  });
});
