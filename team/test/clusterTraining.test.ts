import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeRepositories, type Repository } from '../src/demo/repositories';
import type { JobDone, JobRequest, ManyDone } from '../src/jobRequest';
import { project, startCluster, type Cluster } from './cluster';
import {
  assertNoSecret,
  localGraph,
  publishedGraph,
  requestFor,
  rooms,
  rounds,
  start,
  training,
  trainInFolder,
} from './trainings';

const steps = 100;
let cluster: Cluster;
let repositories: Repository[];

before(async () => {
  cluster = await startCluster();
  repositories = await makeRepositories(join(project, 'src'), rooms.slice(0, Math.max(1, rounds)), cluster.work);
  cluster.startWorker('one');
  cluster.startWorker('two');
});

after(() => cluster.stop());

describe('two workers and real trainings', () => {
  it('give the models of seeded local trainings, to the bit', async (context) => {
    const requests = repositories.map((repository) => requestFor(cluster, repository, { budget: { steps } }));
    const { done, failed } = (await (await start(cluster, 'trainAll', 'many', requests)).result()) as ManyDone;
    assert.deepEqual(failed, []);
    assert.ok(done.every((entry) => entry.steps === steps && entry.version === 1));
    for (const repository of repositories) {
      const published = await publishedGraph(cluster, repository.name);
      assert.equal(Buffer.compare(published, await localGraph(cluster, repository, steps)), 0, repository.name);
    }
    context.diagnostic(`${repositories.length} repositories`);
  });

  it('train one model together by the store, as two processes do that share a folder', async () => {
    const together = { name: 'together', directory: repositories[0]!.directory };
    const request = requestFor(cluster, together, { machines: 2, round: 20, budget: { steps: 60 } });
    const done = (await (await start(cluster, 'trainModel', 'together', request)).result()) as JobDone;
    assert.deepEqual([done.steps, done.version], [60, 1]);
    const published = await publishedGraph(cluster, 'together');
    const shared = await publishedGraph(cluster, 'together', await trainInFolder(cluster, request));
    assert.equal(Buffer.compare(published, shared), 0);
  });

  it('publish the best of a sweep', async () => {
    const variant = (label: string, learningRate: number): JobRequest => ({
      ...requestFor(
        cluster,
        { ...repositories[0]!, name: 'swept' },
        { budget: { steps: 400 }, training: { ...training, learningRate } },
      ),
      label,
    });
    const requests = [variant('usual', 0.05), variant('still', 1e-7)];
    const swept = (await (await start(cluster, 'sweep', 'sweep', requests)).result()) as ManyDone & { best: JobDone };
    assert.equal(swept.best.version, 1);
    assert.equal(Math.min(...swept.done.map(({ nats }) => nats)), swept.best.nats);
    await publishedGraph(cluster, 'swept');
  });

  it('leave no secret in the history of the engine or in logs', async () => {
    await assertNoSecret(cluster, ['many', 'together', 'sweep']);
  });
});
