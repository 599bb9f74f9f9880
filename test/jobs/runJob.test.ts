import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingBudget } from '../../src/core/configuration';
import { UserError } from '../../src/core/errors';
import { silentLogger } from '../../src/core/logger';
import { sha256Of } from '../../src/core/sha256';
import { storeCheckpoint } from '../../src/jobs/jobCheckpoints';
import { parseJobSpec } from '../../src/jobs/jobSpec';
import { runJob, type JobOutcome, type Train } from '../../src/jobs/runJob';
import type { JobResult } from '../../src/jobs/storedFiles';
import { createFolderStore } from '../../src/objectStore/folderStore';
import type { ObjectStore } from '../../src/objectStore/objectStore';
import type { TrainingResult } from '../../src/protocol/trainer';
import { formatVersion } from '../../src/store/files';

let directory: string;
let store: ObjectStore;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-job-'));
  store = createFolderStore(join(directory, 'store'));
  await mkdir(join(directory, 'code'));
  await writeFile(join(directory, 'code', 'a.ts'), 'export const a = 1;\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** A job of two machines, or of what the SPEC says else, one of which trains so. */
async function run(id: string, train: Train, changes: object = {}): Promise<JobOutcome> {
  const asked = { name: 'web', id, folder: 'code', store: 'store', from: 'none', publish: false };
  return runJob(parseJobSpec({ ...asked, budget: { steps: 10 }, machines: 2, ...changes }, directory), {
    ...{ store, work: await mkdtemp(join(directory, 'work-')), train, machine: 1 },
    base: { directory, shape: { cell: 'lstm', hidden: 8, layers: 1, embedding: 8 }, isRequired: false },
    events: { job: () => undefined, restored: () => undefined, stored: () => undefined, round: () => undefined },
    ...{ logger: silentLogger, signal: new AbortController().signal },
  });
}

const quality = { nats: 1, bitsPerCharacter: 1.44, perplexity: 2.7 };
const missing = new UserError('jobs/x/differences/y is missing.', 'Train again.');

/** What another machine leaves behind when it finishes the job. */
async function finishElsewhere(job: string): Promise<void> {
  const result: JobResult = {
    ...{ formatVersion: 1, job, name: 'web', source: 'text', trainedAt: '2026-01-02T03:04:05.000Z' },
    ...{ manifest: '1'.repeat(64), configuration: '2'.repeat(64), steps: 10 },
    ...{ validation: quality, test: null, reason: 'budget' },
  };
  await store.movePointer(`jobs/${job}/result.json`, Buffer.from(JSON.stringify(result)), undefined);
}

describe('a machine of a job whose training fails', () => {
  it('is done where another one has finished the job, and removed what the last round was made of', async () => {
    const train: Train = async () => {
      await finishElsewhere('finished');
      throw missing;
    };
    await expect(run('finished', train)).resolves.toMatchObject({ kind: 'done', again: true, result: { steps: 10 } });
  });

  it('says why where nobody has', async () => {
    await expect(run('failed', () => Promise.reject(missing))).rejects.toBe(missing);
  });
});

describe('a job whose training was asked to end', () => {
  it('has no result, also where it ended without a checkpoint', async () => {
    const trained: TrainingResult = {
      ...{
        model: join(directory, 'model'),
        stays: null,
        run: 'run-1',
        seconds: 1,
        steps: 3,
        stepsBefore: 0,
        reason: 'stopped',
      },
      ...{ validation: quality, test: null, baselines: { uniform: quality, unigram: quality } },
    };
    await expect(run('stopped', () => Promise.resolve(trained))).resolves.toEqual({ kind: 'stopped', step: null });
    expect(await store.readPointer('jobs/stopped/result.json')).toBeUndefined();
  });
});

describe('a job that goes on has the rest of its budget', () => {
  it.each<[string, TrainingBudget, TrainingBudget]>([
    ['minutes', { minutes: 10 }, { minutes: 8 }],
    ['minutes, where they are nearly over', { minutes: 2 }, { minutes: 0.05 }],
    ['steps, which the checkpoint itself knows', { steps: 100 }, { steps: 100 }],
    ['all that there is', { minutes: 10, steps: 100, epochs: 5 }, { minutes: 8, steps: 40, epochs: 3 }],
    [
      'none where steps and epochs are over',
      { minutes: 10, steps: 60, epochs: 1 },
      { minutes: 8, steps: 0, epochs: 0 },
    ],
  ])('%s', async (name, budget, rest) => {
    const id = `rest-${sha256Of(name).slice(0, 8)}`;
    const manifest = {
      ...{ formatVersion, step: 60, epoch: 2, codePoints: [], seconds: 120, characters: 1, window: 0, random: {} },
      ...{ leg: { budget, startStep: 0, startEpochs: 0, continued: false }, best: { step: 0, nats: 1 }, files: [] },
    };
    const files = new Map([['manifest.json', Buffer.from(JSON.stringify(manifest))]]);
    await storeCheckpoint(store, id, { run: 'run-1', step: 60, round: 0, isEnd: false, files });
    let asked: TrainingBudget | undefined;
    const train: Train = (request) => {
      asked = request.training.budget;
      return Promise.resolve(undefined);
    };
    await expect(run(id, train, { budget, machines: 1 })).resolves.toEqual({ kind: 'stopped', step: 60 });
    expect(asked).toEqual(rest);
  });
});
