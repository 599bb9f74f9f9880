import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listModels, useModel } from '../../src/store/modelChoice';
import { graphName, paths, publishModel, readCurrent } from '../../src/store/modelDirectory';
import { withLock } from '../../src/store/modelLock';
import { qualityOf } from '../../src/text/metrics';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-choice-'));
  for (const id of ['a', 'b', 'c']) {
    const model = { cell: 'lstm', hidden: 4, layers: 1, embedding: 2 } as const;
    const createdAt = '2026-01-31T12:00:00.000Z';
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
    await publishModel(directory, manifest, new Map([[graphName, Buffer.from('graph')]]));
  }
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('choosing a model', () => {
  it('is among those that are whole, the newest first', async () => {
    await writeFile(join(paths.model(directory, 'b'), 'manifest.json'), '{');
    const models = await listModels(directory);
    expect(models.map(({ id, inUse }) => [id, inUse])).toEqual([
      ['c', true],
      ['a', false],
    ]);
  });

  it('puts another one into use', async () => {
    await useModel(directory, 'a');
    expect(await readCurrent(directory)).toBe('a');
    expect((await listModels(directory)).find(({ inUse }) => inUse)?.id).toBe('a');
  });

  it.each([
    ['not there', 'd', 'There is no model d'],
    ['outside', '../models/a', 'There is no model ../models/a'],
    ['damaged', 'b', 'SHA-256'],
  ])('leaves the one in use where the other is %s', async (_, id, sentence) => {
    await writeFile(join(paths.model(directory, 'b'), graphName), 'grapH');
    await expect(useModel(directory, id)).rejects.toThrow(sentence);
    expect(await readCurrent(directory)).toBe('c');
  });

  it('is refused while a training runs there', async () => {
    await withLock(directory, 'training', async () => {
      await expect(useModel(directory, 'a')).rejects.toThrow('Another training runs');
    });
    expect(await readCurrent(directory)).toBe('c');
  });

  it('has nothing to offer where there is no model', async () => {
    expect(await listModels(join(directory, 'nothing'))).toEqual([]);
  });
});
