import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Running } from '../src/demo/processes';
import { makeRepositories, type Repository } from '../src/demo/repositories';
import type { JobDone, ManyDone } from '../src/jobRequest';
import { project, startCluster, type Cluster } from './cluster';
import { createNetwork, noLinks, type Link } from './network';
import { startedBy, untilEnded } from './processTree';
import { assertNoSecret, requestFor, rooms, rounds, start, untilStored } from './trainings';

/** Many more than are trained while progress is on its way. */
const steps = 600;
/** From the cut until nobody trains any more who is cut off, */
const mostSeconds = 15;
/** where the machine does what it is asked: at a higher load for each processor nothing ends in time. */
const mostLoad = 4;

let cluster: Cluster;
let repositories: Repository[];
/** From a cut to the end of the last process of the job, and how busy the machine was. */
const endings: { readonly seconds: number; readonly load: number }[] = [];

describe('of two jobs one loses its worker, the other one its link', { skip: noLinks ?? false }, () => {
  before(async () => {
    cluster = await startCluster(createNetwork());
    repositories = await makeRepositories(join(project, 'src'), rooms.slice(0, Math.max(2, rounds)), cluster.work);
  });

  after(() => cluster.stop());

  for (let round = 1; round <= rounds; round++) {
    it(`others go on from their checkpoints and publish once (${round} of ${rounds})`, (context) =>
      lose(round, context));
  }

  it(
    'whoever is cut off ends in time',
    { skip: rounds === 1 ? 'timed in npm run team:soak alone' : false },
    async (context) => {
      const givenUp = (await workerLines()).filter(
        (line) => line.startsWith('killed-') && line.includes(' is given up: '),
      );
      context.diagnostic(`${givenUp.length} jobs of others were given up by workers that were not cut off`);
      assert.equal(endings.length, rounds);
      const late = endings.filter(({ seconds, load }) => seconds > mostSeconds && load <= mostLoad);
      assert.deepEqual(late, []);
    },
  );

  it('no secret stands in the history of the engine or in logs', () =>
    assertNoSecret(cluster, ['killed-1', 'cut-1', 'again-1']));
});

async function lose(round: number, context: TestContext): Promise<void> {
  const names = [`one-${round}`, `two-${round}`];
  const machines = new Map<string, Running & Link>();
  for (const name of names) machines.set(name, await cluster.startMachine(name));
  const requestOf = (kind: string, index: number) => {
    const { directory } = repositories[index % repositories.length]!;
    return requestFor(cluster, { name: `${kind}-${round}`, directory }, { budget: { steps } });
  };
  const requests = [requestOf('killed', round), requestOf('cut', round + 1)] as const;
  const [killed, cut] = await Promise.all(
    requests.map((request) => start(cluster, 'trainModel', request.spec.name, request)),
  );

  const loseKilled = async () => {
    const { worker, stored } = await untilStored(cluster, killed!.workflowId);
    const machine = machines.get(worker)!;
    const started = await startedBy(machine.child.pid!);
    await machine.kill();
    return { stored, gone: untilEnded(started) };
  };
  const loseCut = async () => {
    const { worker, stored } = await untilStored(cluster, cut!.workflowId);
    const machine = machines.get(worker)!;
    const started = await startedBy(machine.child.pid!);
    machine.cut();
    const began = performance.now();
    const gone = untilEnded(started).then(() => {
      const load = loadavg()[0]! / availableParallelism();
      endings.push({ seconds: (performance.now() - began) / 1000, load });
    });
    return { stored, gone, machine };
  };
  const [afterKill, afterCut] = await Promise.all([loseKilled(), loseCut()]);

  const other = cluster.startWorker(`other-${round}`, { RECUR_JOBS: '2' });
  const done = (await Promise.all([killed!.result(), cut!.result()])) as JobDone[];
  assert.deepEqual(
    done.map((entry) => [entry.steps, entry.version]),
    [
      [steps, 1],
      [steps, 1],
    ],
  );
  for (const [request, { stored }] of [[requests[0], afterKill] as const, [requests[1], afterCut] as const]) {
    const restored = await restoredStep(request.spec.name);
    assert.ok(restored >= stored, `${request.spec.name}: ${restored} of ${stored}`);
  }
  // While the link is still cut: nobody has told them.
  await Promise.all([afterKill.gone, afterCut.gone]);
  const { seconds, load } = endings.at(-1)!;
  context.diagnostic(`cut off, a job ended after ${seconds.toFixed(1)} s, at a load of ${load.toFixed(1)} a processor`);
  afterCut.machine.mend();

  const again = (await (await start(cluster, 'trainAll', `again-${round}`, requests)).result()) as ManyDone;
  assert.deepEqual(again.failed, []);
  assert.ok(again.done.every((entry) => entry.again && entry.version === 1));
  await Promise.all([other, ...machines.values()].map((worker) => worker.stop()));
}

/** The last step that a worker has gone on from with a job. */
async function restoredStep(job: string): Promise<number> {
  const prefix = `${job} goes on after step `;
  const lines = (await workerLines()).filter((line) => line.startsWith(prefix));
  return Math.max(...lines.map((line) => Number(line.slice(prefix.length))));
}

/** What all workers have said. */
async function workerLines(): Promise<string[]> {
  const logs = (await readdir(cluster.work)).filter((name) => name.startsWith('worker-'));
  const texts = await Promise.all(logs.map((name) => readFile(join(cluster.work, name), 'utf8')));
  return texts.join('').split('\n');
}
