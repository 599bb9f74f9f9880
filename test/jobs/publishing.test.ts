import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/core/sha256';
import { keys } from '../../src/jobs/keys';
import { publishResult, requireVersion } from '../../src/jobs/publishing';
import type { JobResult } from '../../src/jobs/storedFiles';
import { createFolderStore } from '../../src/objectStore/folderStore';
import type { ObjectStore } from '../../src/objectStore/objectStore';
import { formatVersion } from '../../src/store/files';

let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-publishing-'));
  store = createFolderStore(directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** What a job has trained on a day of January, and its export in the store. */
async function resultOf(name: string, day: number): Promise<JobResult> {
  const trainedAt = new Date(Date.UTC(2026, 0, day)).toISOString();
  const quality = { nats: 1, bitsPerCharacter: 1.44, perplexity: 2.7 };
  const shape = { cell: 'lstm', hidden: 8, layers: 1, embedding: 8 };
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ formatVersion, id: `model-${day}`, run: 'run-1', createdAt: trainedAt, model: shape, codePoints: [] },
      ...{ step: 1, validation: quality, test: null, files: [] },
    }),
  );
  const configuration = Buffer.from('{}');
  for (const data of [manifest, configuration]) await store.write(keys.object(name, sha256Of(data)), data);
  return {
    ...{ formatVersion: 1, job: `day-${day}`, name, source: 'text', trainedAt, steps: 1, reason: 'budget' },
    ...{ manifest: sha256Of(manifest), configuration: sha256Of(configuration), validation: quality, test: null },
  };
}

describe('publishing', () => {
  it.each<[string, readonly number[], readonly number[], number]>([
    ['of the newest leaves out the oldest', [1, 2, 3, 4], [2, 3, 4], 4],
    ['of one between them does too', [1, 3, 4, 2], [2, 3, 4], 4],
    ['of one that comes late leaves it in, without putting it into use', [2, 3, 4, 1], [1, 3, 4], 4],
    ['of the next one leaves that out', [2, 3, 4, 1, 5], [3, 4, 5], 5],
  ])('%s', async (what, days, kept, newest) => {
    const name = sha256Of(what);
    for (const day of days) {
      const result = await resultOf(name, day);
      const { version } = await publishResult(store, result, 3);
      expect(await requireVersion(store, name, version)).toMatchObject({ job: `day-${day}` });
      expect(await store.has(keys.object(name, result.manifest))).toBe(true);
    }
    expect((await requireVersion(store, name)).job).toBe(`day-${newest}`);
    for (const day of days) {
      const { manifest } = await resultOf(`${name}-other`, day);
      expect(await store.has(keys.object(name, manifest))).toBe(kept.includes(day));
    }
  });

  it('of what was removed again since newer ones are kept is refused in a sentence', async () => {
    const first = await resultOf('gone', 1);
    for (const day of [2, 3, 4]) await publishResult(store, await resultOf('gone', day), 3);
    await store.remove(keys.object('gone', first.manifest));
    await expect(publishResult(store, first, 3)).rejects.toMatchObject({
      name: 'UserError',
      message: `The model of the job day-1 is in ${directory} no more.`,
    });
    expect((await requireVersion(store, 'gone')).job).toBe('day-4');
  });
});
