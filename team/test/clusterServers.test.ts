import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeRepositories, type Repository } from '../src/demo/repositories';
import type { Server } from '../src/demo/servers';
import type { JobDone } from '../src/jobRequest';
import { project, startCluster, type Cluster } from './cluster';
import { requestFor, start, untilStored } from './trainings';

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
