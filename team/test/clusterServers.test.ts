import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeRepositories, type Repository } from '../src/demo/repositories';
import type { Server } from '../src/demo/servers';
import type { JobDone, ManyDone } from '../src/jobRequest';
import { project, startCluster, type Cluster } from './cluster';
import { assertNoSecret, requestFor, start, untilStored } from './trainings';

/** Many more than are trained while progress is on its way. */
const steps = 600;
/** A short one, and one that is longer than the engine waits for a heartbeat. */
const outagesMs = [2_000, 15_000];

let cluster: Cluster;
let repositories: Repository[];

before(async () => {
  cluster = await startCluster();
  repositories = await makeRepositories(join(project, 'src'), ['text', 'core'], cluster.work);
  cluster.startWorker('one');
  cluster.startWorker('two');
});

after(() => cluster.stop());

describe('jobs that run while a server is killed', () => {
  const servers: [string, (cluster: Cluster) => Server][] = [
    ['temporal', ({ servers: { temporal } }) => temporal],
    ['store', ({ servers: { seaweed } }) => seaweed],
  ];
  for (const [name, serverOf] of servers) {
    for (const outageMs of outagesMs) {
      it(`end and publish once when it is back: ${name}, ${outageMs / 1000} s`, async () => {
        const prefix = `${name}-${outageMs}`;
        const requests = repositories.map((repository) =>
          requestFor(cluster, { ...repository, name: `${prefix}-${repository.name}` }, { budget: { steps } }),
        );
        const jobs = await Promise.all(
          requests.map((request) => start(cluster, 'trainModel', request.spec.name, request)),
        );
        await untilStored(cluster, requests[0]!.spec.name);
        await serverOf(cluster).kill();
        await delay(outageMs);
        await serverOf(cluster).start();
        const done = (await Promise.all(jobs.map((job) => job.result()))) as JobDone[];
        assert.deepEqual(
          done.map((entry) => [entry.steps, entry.version]),
          requests.map(() => [steps, 1]),
        );
        const again = (await (await start(cluster, 'trainModel', `${prefix}-again`, requests[0])).result()) as JobDone;
        assert.deepEqual([again.again, again.version], [true, 1]);
      });
    }
  }
});

describe('a store that takes nothing is told of in one sentence, and what waits for it is trained later', () => {
  const name = 'refused';
  const request = (attempts?: number) => ({
    ...requestFor(cluster, { ...repositories[0]!, name }, { budget: { steps: 60 } }),
    ...(attempts !== undefined && { attempts }),
  });
  const train = async (id: string, attempts?: number) =>
    (await (await start(cluster, 'trainAll', id, [request(attempts)])).result()) as ManyDone;

  before(async () => {
    await cluster.stop();
    cluster = await startCluster();
    repositories = await makeRepositories(join(project, 'src'), ['text'], cluster.work);
  });

  it('with wrong credentials', async () => {
    const worker = cluster.startWorker('stranger', { AWS_SECRET_ACCESS_KEY: 'wrong' });
    const { failed } = await train('stranger');
    assert.match(
      failed[0]!.reason,
      /^The store s3:\/\/models\/team refuses these credentials \(SignatureDoesNotMatch\)\./,
    );
    await worker.stop();
  });

  it('when its disk is full', async () => {
    cluster.startWorker('one');
    await cluster.servers.seaweed.kill();
    await cluster.servers.seaweed.start(['-volume.minFreeSpace=100']); // percent
    const { failed } = await train('full', 1);
    assert.match(failed[0]!.reason, /^The store s3:\/\/models\/team .*full/);
    await cluster.servers.seaweed.kill();
    await cluster.servers.seaweed.start();
    const { done } = await train('room');
    assert.deepEqual([done[0]!.steps, done[0]!.version], [60, 1]);
    await assertNoSecret(cluster, ['stranger', 'full', 'room']);
  });
});
