import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { taskQueue, type JobDone, type JobRequest, type ManyDone } from '../src/jobRequest';
import { cancelJobs } from '../src/schedules';
import { statusOf } from '../src/status';
import { progressOf, project, startCluster, until, type Cluster } from './cluster';

let cluster: Cluster;
let log: string;

before(async () => {
  cluster = await startCluster();
  log = join(cluster.work, 'log');
  await writeFile(log, '');
  cluster.startWorker('stub', { RECUR_CLI: join(project, 'team', 'test', 'stubJob.mjs') });
});

after(() => cluster.stop());

const request = (name: string, does: string, changes: Partial<JobRequest> = {}): JobRequest => ({
  spec: { name, does, log },
  ...changes,
});
const start = (workflowType: string, workflowId: string, args: readonly unknown[]) =>
  cluster.client.workflow.start(workflowType, { workflowId, taskQueue, args: [...args] });
const lines = async (): Promise<string[]> => (await readFile(log, 'utf8')).split('\n');
const isLogged = (line: string) => until(async () => ((await lines()).includes(line) ? true : undefined));

describe('the workflows, with a job that trains nothing', () => {
  it('try again what may pass, and tell at once what may not, without hindering the others', async () => {
    const requests = [request('passing', 'fail once'), request('wrong', 'fail'), request('right', 'end')];
    const handle = await start('trainAll', 'tries', [requests]);
    const { done, failed } = (await handle.result()) as ManyDone;
    assert.deepEqual(done.map(({ name }) => name).sort(), ['passing', 'right']);
    assert.deepEqual(failed, [{ name: 'wrong', reason: 'There is no such branch. Name another one.' }]);
    const ran = (await lines()).filter((line) => line.startsWith('run ')).sort();
    assert.deepEqual(ran, ['run passing', 'run passing', 'run right', 'run wrong']);
    assert.deepEqual(await handle.query('results'), { done, failed });
    const states = (
      await until(async () => {
        const rows = await statusOf(cluster.client, 'tries');
        return rows.length === 3 ? rows : undefined; // lists come a little late
      })
    ).map(({ name, state }) => [name, state]);
    assert.deepEqual(states, [
      ['passing', 'published'],
      ['right', 'published'],
      ['wrong', 'failed'],
    ]);
  });

  it('end a job that is cancelled, with a checkpoint, and say in its heartbeats how far it was', async (context) => {
    const handle = await start('trainModel', 'cancelled', [request('cancelled', 'hang')]);
    const progress = await until(async () => {
      const found = await progressOf(cluster.client, 'cancelled');
      return found !== undefined && found.step > 0 ? found : undefined;
    });
    assert.deepEqual([progress.worker, progress.step, progress.perplexity], ['stub', 1, 9]);
    const began = performance.now();
    await handle.cancel();
    await assert.rejects(handle.result());
    context.diagnostic(`cancelled after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    assert.equal((await handle.describe()).status.name, 'CANCELLED');
    assert.ok((await lines()).includes('ended cancelled'));
  });

  it('run a job of several machines once for each of them', async () => {
    const spec = { ...request('together', 'end').spec, machines: 2 };
    const done = (await (await start('trainModel', 'together', [{ spec }])).result()) as JobDone;
    assert.equal(done.name, 'together');
    const ran = (await lines()).filter((line) => line.startsWith('run together')).sort();
    assert.deepEqual(ran, ['run together 1', 'run together 2']);
  });

  it('take the jobs that wait by their priority', async () => {
    const busy = await start('trainModel', 'busy', [request('busy', 'hang')]);
    await isLogged('run busy');
    const priorities: [string, number][] = [
      ['late', 5],
      ['usual', 3],
      ['first', 1],
      ['second', 2],
    ];
    const waiting = await Promise.all(
      priorities.map(([name, priority]) => start('trainModel', name, [request(name, 'end', { priority })])),
    );
    await Promise.all(
      priorities.map(([name]) =>
        until(async () => {
          const { raw } = await cluster.client.workflow.getHandle(name).describe();
          return raw.pendingActivities?.length === 1 ? true : undefined;
        }),
      ),
    );
    await busy.cancel();
    await Promise.all(waiting.map((handle) => handle.result()));
    const order = (await lines()).filter((line) => priorities.some(([name]) => line === `run ${name}`));
    assert.deepEqual(order, ['run first', 'run second', 'run usual', 'run late']);
  });

  it('publish of a sweep what was trained, wherever the branch stands by then', async () => {
    const spec = { ...request('swept', 'end').spec, repository: '/code', revision: 'main' };
    const requests = ['one', 'other'].map((label) => ({ spec, label }));
    const { done } = (await (await start('sweep', 'swept', [requests])).result()) as ManyDone;
    assert.equal(done.length, 2);
    assert.ok((await lines()).includes('publish swept of commit of main'));
  });

  it('end a sweep that is cancelled as cancelled, and its jobs with it', async () => {
    const handle = await start('sweep', 'given up', [[request('running', 'hang'), request('waiting', 'hang')]]);
    await until(async () => {
      const ran = await lines();
      return ran.includes('run running') || ran.includes('run waiting') ? true : undefined;
    });
    await handle.cancel();
    await assert.rejects(handle.result());
    assert.equal((await handle.describe()).status.name, 'CANCELLED');
    assert.deepEqual(await handle.query('results'), { done: [], failed: [] });
    for (const name of ['running', 'waiting']) {
      const { status } = await cluster.client.workflow.getHandle(`given up/${name}`).describe();
      assert.equal(status.name, 'CANCELLED');
    }
  });

  it('leave a night out while the one before has not ended', async () => {
    const handle = await cluster.client.schedule.create({
      scheduleId: 'nightly',
      spec: { intervals: [{ every: '1 second' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action: {
        ...({ type: 'startWorkflow', workflowType: 'trainAll', workflowId: 'nightly', taskQueue } as const),
        args: [[request('night', 'hang')]],
      },
    });
    await isLogged('run night');
    const { info } = await until(async () => {
      const description = await handle.describe();
      return description.info.numActionsSkippedOverlap > 0 ? description : undefined;
    });
    assert.equal(info.numActionsTaken, 1);
    await handle.pause();
    const stateOf = async (): Promise<string | undefined> => (await statusOf(cluster.client, 'nightly'))[0]?.state;
    await until(async () => ((await stateOf()) === 'training' ? true : undefined));
    assert.equal(await cancelJobs(cluster.client, 'nightly'), true);
    await isLogged('ended night');
    await until(async () => ((await stateOf()) === 'cancelled' ? true : undefined));
    await until(async () => ((await cancelJobs(cluster.client, 'nightly')) ? undefined : true));
    await handle.delete();
  });
});
