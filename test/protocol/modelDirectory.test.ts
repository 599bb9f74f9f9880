import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors';
import { qualityOf } from '../../src/core/metrics';
import {
  deleteModels,
  findModel,
  graphName,
  newIdentifier,
  paths,
  pruneModels,
  publishModel,
  readCalibration,
  readModel,
  removeTemporary,
  writeCalibration,
} from '../../src/protocol/modelDirectory';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-models-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function publish(id: string, content = 'graph'): Promise<string> {
  const model = { cell: 'lstm', hidden: 4, layers: 1, embedding: 2 } as const;
  const createdAt = new Date().toISOString();
  const manifest = {
    id,
    run: 'run-1',
    createdAt,
    model,
    codePoints: [97],
    step: 1,
    validation: qualityOf(1),
    test: null,
  };
  return publishModel(directory, manifest, new Map([[graphName, Buffer.from(content)]]));
}

describe('a model directory', () => {
  it('gives back what was published, by the directory and by the export', async () => {
    const target = await publish('a');
    for (const place of [directory, target]) {
      const model = await readModel(place);
      expect(model.directory).toBe(target);
      expect(Buffer.from(model.graphs.get(graphName)!).toString()).toBe('graph');
    }
  });

  it('uses the newest export and keeps the older ones', async () => {
    await publish('a');
    const newest = await publish('b');
    expect(await findModel(directory)).toBe(newest);
    expect(await readdir(paths.models(directory))).toEqual(['a', 'b']);
  });

  it('names what is new after all that is there, whatever the clock says', () => {
    const now = new Date('2026-01-31T23:59:59Z');
    expect(newIdentifier([], now)).toMatch(/^20260131-235959-[0-9a-f]{6}$/);
    expect(newIdentifier(['20250101-000000-abcdef'], now)).toMatch(/^20260131-235959-/);
    // The same second, and a clock that was set back by years.
    expect(newIdentifier(['20260131-235959-ffffff'], now)).toMatch(/^20260201-000000-/);
    expect(newIdentifier(['20260131-235959-ffffff', '20991231-120000-000000'], now)).toMatch(/^20991231-120001-/);
    expect(newIdentifier(['foreign'], now)).toMatch(/^20260131-235959-/);
  });

  it('says what to do where there is no model', async () => {
    await expect(findModel(directory)).rejects.toThrow(UserError);
  });

  it.each([
    ['a changed graph', (model: string) => writeFile(join(model, graphName), 'grapH')],
    ['a longer graph', (model: string) => writeFile(join(model, graphName), 'graph and more')],
    ['a missing graph', (model: string) => rm(join(model, graphName))],
    ['a manifest that is no JSON', (model: string) => writeFile(join(model, 'manifest.json'), '{"id":')],
    ['a manifest of another form', (model: string) => writeFile(join(model, 'manifest.json'), '{"id":"a"}')],
  ])('refuses %s', async (_, damage) => {
    await damage(await publish('a'));
    await expect(readModel(directory)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('refuses a manifest that names a file outside the export', async () => {
    const model = await publish('a');
    const manifest = await readFile(join(model, 'manifest.json'), 'utf8');
    await writeFile(join(directory, 'outside'), 'graph');
    await writeFile(join(model, 'manifest.json'), manifest.replace('"model.onnx"', '"../../outside"'));
    await expect(readModel(directory)).rejects.toThrow('outside itself');
  });

  it('refuses a current.json that points out of the directory', async () => {
    await publish('a');
    await writeFile(paths.current(directory), JSON.stringify({ model: '../../elsewhere' }));
    await expect(readModel(directory)).rejects.toThrow('not valid');
  });

  it('prunes old exports, never the one in use', async () => {
    for (const id of ['a', 'b', 'c']) await publish(id);
    await writeFile(paths.current(directory), JSON.stringify({ model: 'a' }));
    await pruneModels(directory, 1);
    expect(await readdir(paths.models(directory))).toEqual(['a', 'c']);
  });

  it('keeps the calibration of a model as long as the model', async () => {
    const calibration = { trust: [0.5], exponents: [0.4, 0.6] };
    for (const id of ['a', 'b']) {
      await publish(id);
      await writeCalibration(await readModel(directory), calibration);
    }
    expect(await readCalibration(await readModel(directory))).toMatchObject(calibration);
    await pruneModels(directory, 1);
    expect(await readdir(join(directory, 'calibration'))).toEqual(['b.json']);
    await writeFile(join(directory, 'calibration/b.json'), '{"formatVersion":1,"trust":[2],"exponents":[]}');
    expect(await readCalibration(await readModel(directory))).toBeUndefined();
    await deleteModels(directory);
    expect(await readdir(join(directory, 'calibration'))).toEqual([]);
  });

  it('deletes only what is ours, also what a killed process left of it', async () => {
    await publish('a');
    await mkdir(join(paths.models(directory), '.tmp-b'));
    await mkdir(paths.model(directory, 'foreign'));
    await writeFile(join(paths.model(directory, 'foreign'), 'notes.txt'), 'mine');
    await deleteModels(directory);
    expect(await readdir(paths.models(directory))).toEqual(['foreign']);
    await expect(findModel(directory)).rejects.toMatchObject({ name: 'UserError' });
  });

  it('removes what a killed process left half written', async () => {
    await publish('a');
    await mkdir(join(paths.models(directory), '.tmp-b'));
    await writeFile(join(directory, '.tmp-c'), '');
    const checkpoint = join(paths.run(directory, 'run-1'), 'checkpoint-a');
    await mkdir(checkpoint, { recursive: true });
    await writeFile(join(checkpoint, '.tmp-d'), '');
    await writeFile(join(checkpoint, 'weights'), '');
    await writeFile(join(paths.run(directory, 'run-1'), '.tmp-e'), '');
    await removeTemporary(directory);
    expect((await readdir(directory)).sort()).toEqual(['current.json', 'models', 'runs']);
    expect(await readdir(paths.models(directory))).toEqual(['a']);
    expect(await readdir(paths.run(directory, 'run-1'))).toEqual(['checkpoint-a']);
    expect(await readdir(checkpoint)).toEqual(['weights']);
  });
});
