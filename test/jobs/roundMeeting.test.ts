import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTraining } from '../../src/core/configuration';
import { sha256Of } from '../../src/core/sha256';
import { createRoundMeeting, forgetRounds, readDifference, type MeetingContext } from '../../src/jobs/roundMeeting';
import { createFolderStore } from '../../src/objectStore/folderStore';
import type { ObjectStore } from '../../src/objectStore/objectStore';

let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-rounds-'));
  store = createFolderStore(directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A machine of two, whose checkpoints are all in the store. */
function machineOf(job: string, machine: number, changes: Partial<MeetingContext> = {}) {
  return createRoundMeeting({
    ...{ store, job, machine, machines: 2, waitMinutes: 5, ended: () => undefined },
    upload: { settled: () => Promise.resolve(), look: () => Promise.resolve() },
    signal: new AbortController().signal,
    ...changes,
  });
}

async function storeCheckpointOf(job: string, machine: number, round: number): Promise<void> {
  const checkpoint = { formatVersion: 1, run: 'r', step: round, round, attempt: crypto.randomUUID(), files: [] };
  const key = `jobs/${job}/machines/${machine + 1}/checkpoint.json`;
  const before = await store.readPointer(key);
  await store.movePointer(key, Buffer.from(JSON.stringify(checkpoint)), before?.tag);
}

async function filesOf(job: string): Promise<string[]> {
  const entries = await readdir(join(directory, 'jobs', job), { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const objectsOf = async (job: string): Promise<number> =>
  (await filesOf(job)).filter((name) => name.length === 64).length;

describe('machines that train one model', () => {
  it('all get the same mean, and leave nothing in the store when the job has ended', async () => {
    const [first, second] = [machineOf('pair', 0), machineOf('pair', 1)];
    for (const round of [1, 2, 3]) {
      for (const machine of [0, 1]) await storeCheckpointOf('pair', machine, round - 1);
      const means = await Promise.all([
        first.meet(round, Float32Array.of(round, 1)),
        second.meet(round, Float32Array.of(round, 2)),
      ]);
      expect(means.map((mean) => [...mean])).toEqual([
        [round, 1.5],
        [round, 1.5],
      ]);
      // Nobody wants those of the rounds before.
      expect(await objectsOf('pair')).toBe(2);
    }
    await forgetRounds(store, 'pair', 2);
    expect(await filesOf('pair')).toEqual([]);
  });

  it('tell a difference once: what a machine finds when it comes back counts, whatever it has learnt the second time', async () => {
    const lost = machineOf('again', 0).meet(1, Float32Array.of(2));
    const other = await machineOf('again', 1).meet(1, Float32Array.of(4));
    expect([...(await lost)]).toEqual([3]);
    expect([...other]).toEqual([3]);
    expect([...(await machineOf('again', 0).meet(1, Float32Array.of(100)))]).toEqual([3]);
  });

  it('begin with what the first of them has chosen', async () => {
    const proposal = (hidden: number) => ({
      configuration: { ...defaultTraining, model: { ...defaultTraining.model, hidden } },
      weights: sha256Of(String(hidden)),
    });
    const first = await machineOf('begun', 0).agree(proposal(32));
    expect(first).toMatchObject(proposal(32));
    expect(await machineOf('begun', 1).agree(proposal(64))).toEqual(first);
  });

  it.each<[string, Partial<MeetingContext>, string]>([
    [
      'waits no longer than it may',
      { waitMinutes: 0 },
      'Machine 2 of 2 of job alone has not ended round 1 within 0 minutes.',
    ],
    ['ends when the job has ended', { signal: AbortSignal.abort() }, 'This operation was aborted'],
  ])('one that is alone %s', async (_, changes, sentence) => {
    await expect(machineOf('alone', 0, changes).meet(1, Float32Array.of(1))).rejects.toThrow(sentence);
  });

  it('one whose last checkpoint is not in the store tells nothing: others would remove what it needs to go on', async () => {
    const meeting = machineOf('behind', 0).meet(2, Float32Array.of(1));
    await expect(meeting).rejects.toMatchObject({
      isTemporary: true,
      message: expect.stringContaining('after round 1') as string,
    });
    expect(await store.readPointer('jobs/behind/machines/1/differences.json')).toBeUndefined();
  });
});

describe('a difference', () => {
  it.each<[string, Float32Array, string]>([
    ['of another length', Float32Array.of(1, 2, 3), 'has 12 bytes, where the difference of this model has 8.'],
    ['with what is no number', Float32Array.of(1, NaN), 'holds values that are no numbers.'],
  ])('%s is refused in one sentence', async (name, values, sentence) => {
    const data = new Uint8Array(values.buffer);
    await store.write('jobs/x/bad', data);
    await expect(readDifference(store, 'jobs/x/bad', sha256Of(data), 2), name).rejects.toMatchObject({
      name: 'UserError',
      message: `jobs/x/bad in ${directory} ${sentence}`,
    });
    await store.remove('jobs/x/bad');
  });

  it('that was changed in the store is refused', async () => {
    await store.write('jobs/x/other', Buffer.from('other'));
    await expect(readDifference(store, 'jobs/x/other', sha256Of('it'), 2)).rejects.toThrow(
      'is damaged: its SHA-256 is not the recorded one.',
    );
  });
});
