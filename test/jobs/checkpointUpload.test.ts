import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors';
import { sha256Of } from '../../src/core/sha256';
import { createCheckpointUpload } from '../../src/jobs/checkpointUpload';
import { restoreCheckpoint } from '../../src/jobs/jobCheckpoints';
import { createFolderStore } from '../../src/objectStore/folderStore';
import type { ObjectStore } from '../../src/objectStore/objectStore';
import { formatVersion } from '../../src/store/files';
import { silentLogger } from '../../src/core/logger';

let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-upload-'));
  store = createFolderStore(join(directory, 'store'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A checkpoint as the trainer leaves it, of a training of 100 steps or two epochs. */
async function checkpointAt(step: number, epoch: number): Promise<string> {
  const folder = join(directory, 'run-1', 'checkpoint-a');
  await mkdir(folder, { recursive: true });
  const weights = `weights of ${step}`;
  const leg = { budget: { steps: 100, epochs: 2 }, startStep: 0, startEpochs: 0, continued: false };
  const manifest = {
    ...{ formatVersion, step, epoch, leg, codePoints: [], seconds: 1, characters: 1, window: 0, stream: 0, random: {} },
    best: { step: 0, nats: 1 },
    files: [{ name: 'weights', bytes: weights.length, sha256: sha256Of(weights) }],
  };
  await writeFile(join(folder, 'weights'), weights);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder, '..', 'configuration.json'), '{}');
  await writeFile(join(folder, '..', 'history.jsonl'), '');
  return folder;
}

async function storedOf(job: string, places: readonly (readonly [step: number, epoch: number])[]): Promise<number[]> {
  const stored: number[] = [];
  const upload = createCheckpointUpload(store, { job, owner: job }, null, {
    stored: (step) => stored.push(step),
    logger: silentLogger,
  });
  for (const [step, epoch] of places) {
    upload.take(await checkpointAt(step, epoch), step);
    await upload.settled();
  }
  return stored;
}

const reachedBy = (job: string) => restoreCheckpoint(store, job, join(directory, job), silentLogger);

describe('of the checkpoints of a job', () => {
  it('each replaces the one before, but for the first of all, which is none', async () => {
    expect(
      await storedOf('going', [
        [0, 0],
        [20, 0],
        [40, 0],
      ]),
    ).toEqual([20, 40]);
    expect(await reachedBy('going')).toMatchObject({ step: 40, seconds: 1 });
  });

  it.each([
    ['steps', 100, 1],
    ['epochs', 80, 2],
  ] as const)(
    'none is stored that has used up its %s: going on from there would train for as many again',
    async (kind, step, epoch) => {
      expect(
        await storedOf(kind, [
          [60, 1],
          [step, epoch],
        ]),
      ).toEqual([60]);
      expect(await reachedBy(kind)).toMatchObject({ step: 60, seconds: 1 });
    },
  );

  it('none replaces that of a worker who is further', async () => {
    expect(
      await storedOf('behind', [
        [60, 0],
        [40, 0],
      ]),
    ).toEqual([60]);
  });

  it('none is taken any more when another worker has finished the job', async () => {
    const upload = createCheckpointUpload(store, { job: 'over', owner: 'over' }, null, {
      stored: () => undefined,
      logger: silentLogger,
    });
    const quality = { nats: 1, bitsPerCharacter: 1, perplexity: 1 };
    const [manifest, trainedAt] = ['0'.repeat(64), new Date(0).toISOString()];
    const result = {
      ...{ formatVersion: 1, job: 'over', name: 'web', source: 'x', trainedAt, manifest, configuration: manifest },
      ...{ steps: 1, validation: quality, test: null, reason: 'budget' },
    };
    await store.movePointer('jobs/over/result.json', Buffer.from(JSON.stringify(result)), undefined);
    upload.take(await checkpointAt(20, 0), 20);
    await upload.settled();
    expect(upload.isOver.aborted).toBe(true);
    upload.take(await checkpointAt(40, 0), 40);
    await upload.settled();
    expect(upload.step()).toBeNull();
  });

  it('one that is damaged in the store is not gone on from', async () => {
    await storedOf('damaged', [[20, 0]]);
    const key = (name: string) => store.readPointer(`jobs/damaged/${name}`);
    const { attempt } = JSON.parse(Buffer.from((await key('checkpoint.json'))!.data).toString()) as { attempt: string };
    await store.write(`jobs/damaged/checkpoints/${attempt}/weights`, Buffer.from('other'));
    expect(await reachedBy('damaged')).toBeUndefined();
    expect(await storedOf('damaged', [[20, 0]])).toEqual([20]);
  });

  it('one that cannot be laid out here stays in the store', async () => {
    await storedOf('full', [[20, 0]]);
    const file = join(directory, 'file');
    await writeFile(file, 'no folder');
    await expect(restoreCheckpoint(store, 'full', file, silentLogger)).rejects.toMatchObject({
      isTemporary: true,
      message: expect.stringContaining(`The checkpoint cannot be laid out in ${file}`) as string,
    });
    expect(await reachedBy('full')).toMatchObject({ step: 20, seconds: 1 });
  });

  it('one that the store does not give stays there', async () => {
    await storedOf('refused', [[20, 0]]);
    const refusal = new UserError('The store refuses these credentials.', 'Check them.');
    const refusing = { ...store, read: () => Promise.reject(refusal) };
    await expect(restoreCheckpoint(refusing, 'refused', join(directory, 'out'), silentLogger)).rejects.toBe(refusal);
    expect(await reachedBy('refused')).toMatchObject({ step: 20, seconds: 1 });
  });
});
