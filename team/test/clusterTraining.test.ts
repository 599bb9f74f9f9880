import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { makeRepositories, type Repository } from '../src/demo/repositories';
import { taskQueue, type JobDone, type JobRequest, type ManyDone } from '../src/jobRequest';
import { progressOf, project, startCluster, until, type Cluster } from './cluster';

const run = promisify(execFile);
const cli = join(project, 'dist', 'cli.js');
/** Many more than are trained while progress is on its way. */
const steps = 600;
const training = { hidden: 32, embedding: 16, batch: 8, sequence: 32, threads: 1, minimumCharacters: 5_000 };

let cluster: Cluster;
let repositories: Repository[];

before(async () => {
  cluster = await startCluster();
  repositories = await makeRepositories(join(project, 'src'), ['text', 'onnx'], cluster.work);
});

after(() => cluster.stop());

const requestFor = ({ name, directory }: Repository, changes: object = {}): JobRequest => ({
  spec: {
    ...{ name, repository: directory, revision: 'main', store: cluster.servers.store, from: 'none' },
    ...{ budget: { steps }, training, checkpoint: { steps: 20, seconds: 3600 }, ...changes },
  },
});

/** Resolves when a job can be gone on with from the store. @throws where it has ended before */
const untilStored = (workflowId: string): Promise<number> =>
  until(async () => {
    const { status } = await cluster.client.workflow.getHandle(workflowId).describe();
    assert.equal(status.name, 'RUNNING');
    return (await progressOf(cluster.client, workflowId))?.stored ?? undefined;
  });

/** Nats of a training on this machine without store and engine, of the same seed. */
async function localNats({ name, directory }: Repository): Promise<number> {
  const out = join(cluster.work, `local-${name}`);
  const options = Object.entries(training).map(([key, value]) => [
    `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
  const args = [
    'train',
    directory,
    '--out',
    out,
    '--from',
    'none',
    '--steps',
    String(steps),
    ...options.flat(),
    '--json',
  ];
  const { stdout } = await run(process.execPath, [cli, ...args]);
  const done = JSON.parse(stdout.trim().split('\n').at(-1)!) as { validation: { nats: number } };
  return done.validation.nats;
}

async function versionsOf(name: string): Promise<unknown[]> {
  const { stdout } = await run(
    process.execPath,
    [cli, 'pull', name, '--store', cluster.servers.store, '--json', '--out', join(cluster.work, 'pulled', name)],
    {
      env: { ...process.env, ...cluster.servers.env },
    },
  );
  return [(JSON.parse(stdout) as { version: number }).version];
}

describe('two workers and a real training', () => {
  it('lose nothing and publish once where one is killed and one is cut off', async () => {
    const [first, second] = repositories as [Repository, Repository];
    const one = cluster.startWorker('one');
    const killed = await cluster.client.workflow.start('trainModel', {
      ...{ workflowId: 'killed', taskQueue, args: [requestFor(first)] },
    });
    await untilStored('killed');
    one.child.kill('SIGKILL');
    const two = cluster.startWorker('two');
    const done = (await killed.result()) as JobDone;
    assert.equal(done.steps, steps);

    // Stopped, a worker is as one whose link is cut: nobody hears of it, its job trains on, and it comes back.
    const cut = await cluster.client.workflow.start('trainModel', {
      ...{ workflowId: 'cut', taskQueue, args: [requestFor(second)] },
    });
    await untilStored('cut');
    two.child.kill('SIGSTOP');
    cluster.startWorker('three');
    const other = (await cut.result()) as JobDone;
    two.child.kill('SIGCONT');
    assert.equal(other.steps, steps);

    const again = (await cluster.client.workflow.execute('trainAll', {
      ...{ workflowId: 'again', taskQueue, args: [[requestFor(first), requestFor(second)]] },
    })) as ManyDone;
    assert.deepEqual(again.failed, []);
    assert.ok(again.done.every((entry) => entry.again && entry.version === 1));
    for (const repository of repositories) {
      assert.deepEqual(await versionsOf(repository.name), [1]);
      const { nats } = again.done.find(({ name }) => name === repository.name)!;
      assert.ok(Math.abs(nats - (await localNats(repository))) < 1e-4);
    }
  });

  it('publish the best of a sweep', async () => {
    const [repository] = repositories as [Repository];
    const variant = (label: string, learningRate: number): JobRequest => ({
      ...requestFor(
        { ...repository, name: 'swept' },
        { budget: { steps: 400 }, training: { ...training, learningRate } },
      ),
      label,
    });
    const requests = [variant('usual', 0.05), variant('still', 1e-7)];
    const swept = (await cluster.client.workflow.execute('sweep', {
      ...{ workflowId: 'sweep', taskQueue, args: [requests] },
    })) as ManyDone & { best: JobDone };
    assert.equal(swept.best.version, 1);
    assert.equal(Math.min(...swept.done.map(({ nats }) => nats)), swept.best.nats);
    assert.deepEqual(await versionsOf('swept'), [1]);
  });

  it('leave no secret in the history of the engine or in logs', async () => {
    const secret = cluster.servers.env.AWS_SECRET_ACCESS_KEY!;
    const files = (await readdir(cluster.work)).filter((name) => /\.(log|sqlite.*)$/.test(name));
    for (const file of files) assert.ok(!(await readFile(join(cluster.work, file))).includes(secret), file);
    for (const id of ['killed', 'cut', 'sweep']) {
      const history = await cluster.client.workflow.getHandle(id).fetchHistory();
      assert.ok(!JSON.stringify(history).includes(secret));
    }
  });
});
