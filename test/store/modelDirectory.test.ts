import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { UserError } from '../../src/core/errors';
import { qualityOf } from '../../src/text/metrics';
import { formatVersion, versionsUpTo } from '../../src/store/files';
import {
  findModel,
  graphName,
  modelToLoad,
  newIdentifier,
  paths,
  publishModel,
  readModel,
  readRunOfModel,
  removeTemporary,
} from '../../src/store/modelDirectory';

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
    const { directory: folder, problems } = await readModel(directory);
    expect(folder).toBe(paths.model(directory, 'a'));
    expect(problems).toEqual([`${paths.current(directory)} is damaged: its 'model' is not what Recur writes.`]);
  });

  const damagedCurrent: Record<string, [string, string]> = {
    'an empty current.json': ['', 'is empty.'],
    'a torn current.json': ['{"model":', 'is damaged: it is no whole JSON.'],
    'a current.json of another form': ['[1]', "is damaged: its 'model' is not what Recur writes."],
    'a current.json that names a model that is not there': ['{"model":"c"}', 'holds no manifest.'],
  };

  it.each(Object.keys(damagedCurrent))('uses the newest model, and says why, beside %s', async (name) => {
    const [content, sentence] = damagedCurrent[name]!;
    await publish('a');
    const newest = await publish('b');
    await writeFile(paths.current(directory), content);
    const model = await readModel(directory);
    expect(model.directory).toBe(newest);
    expect(model.problems.join()).toContain(sentence);
    expect(await findModel(directory)).toBe(newest);
    expect(await modelToLoad(directory)).toBe(content.includes('"c"') ? 'c' : 'b');
  });

  it('uses the newest model that is whole where the one in use is damaged', async () => {
    const whole = await publish('a');
    const damaged = await publish('b');
    await writeFile(join(damaged, graphName), 'grapH');
    const model = await readModel(directory);
    expect(model.directory).toBe(whole);
    expect(model.problems).toEqual([`${join(damaged, graphName)} is damaged: its SHA-256 is not the recorded one.`]);
    await expect(readModel(damaged)).rejects.toThrow('SHA-256');
  });

  it('has no model, whatever lies beside, where none was put into use', async () => {
    await publish('a');
    await rm(paths.current(directory));
    await expect(readModel(directory)).rejects.toThrow('There is no model');
    expect(await modelToLoad(directory)).toBeUndefined();
  });

  it('says that a newer version has written a model', async () => {
    const model = await publish('a');
    const manifest = JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8')) as object;
    await writeFile(join(model, 'manifest.json'), JSON.stringify({ ...manifest, formatVersion: formatVersion + 1 }));
    await expect(readModel(directory)).rejects.toThrow('was written by a newer version of Recur.');
  });

  it('is passed over in a sentence where its graph or manifest is no file', async () => {
    const model = await publish('a');
    await rm(join(model, graphName));
    await mkdir(join(model, graphName));
    await expect(readModel(directory)).rejects.toThrow('model.onnx is no file.');
  });

  it('goes without the configuration of a run that is damaged, and says so', async () => {
    await publish('a');
    const path = paths.runConfiguration(paths.run(directory, 'run-1'));
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '{');
    const told: string[] = [];
    expect(await readRunOfModel(await readModel(directory), (problem) => told.push(problem))).toBeUndefined();
    expect(told).toEqual([`${path} is damaged: it is no whole JSON.`]);
  });

  it('of an older format version is read, and of a newer one is not', () => {
    const readable = [0, 1, 2, 3, 4, 1.5].filter((version) => v.is(versionsUpTo(3), version));
    expect(readable).toEqual([1, 2, 3]);
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
