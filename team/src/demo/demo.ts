import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { labelOf, taskQueue, type JobRequest, type ManyDone } from '../jobRequest';
import { progressTable } from '../progressTable';
import { statusOf } from '../status';
import { makeRepositories } from './repositories';
import { startServers, startWorker, type Servers } from './servers';

/*
 * npm run team:demo: a real Temporal server, a real S3 store and two workers on the loopback address train six small
 * repositories, cut out of this project's own sources, and publish their models.
 */
const project = join(import.meta.dirname, '..', '..');
const bin = process.env.RECUR_TEAM_BIN ?? join(project, '.cache', 'team', 'bin');
const rooms = ['core', 'corpus', 'memory', 'onnx', 'store', 'text'];
const id = 'demo';
const lookMs = 2_000;
const training = { hidden: 48, embedding: 16, batch: 16, sequence: 48, threads: 1, minimumCharacters: 5_000 };

const work = await mkdtemp(join(tmpdir(), 'recur-demo-'));
console.log(`Data and logs are in ${work} until it ends.`);
const servers = await startServers(bin, work);
const workers = ['one', 'two'].map((name) => startWorker(name, { servers, work }));
try {
  const done = await trainAll(servers, await requestsFor(servers.store));
  process.exitCode = done.failed.length === 0 ? 0 : 1;
} finally {
  await Promise.all(workers.map((worker) => worker.stop()));
  await servers.stop();
  await rm(work, { recursive: true, force: true });
}
process.exit();

async function requestsFor(store: string): Promise<JobRequest[]> {
  const repositories = await makeRepositories(join(project, 'src'), rooms, work);
  return repositories.map(({ name, directory }) => ({
    spec: { name, repository: directory, revision: 'main', store, from: 'none', budget: { steps: 200 }, training },
  }));
}

async function trainAll({ env }: Servers, requests: readonly JobRequest[]): Promise<ManyDone> {
  const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS! });
  const client = new Client({ connection });
  const handle = await client.workflow.start('trainAll', { workflowId: id, taskQueue, args: [requests] });
  let result: ManyDone | undefined;
  const ended = handle.result().then((value: unknown) => (result = value as ManyDone));
  while (result === undefined) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, lookMs))]);
    show(progressTable(await statusOf(client, id)));
  }
  for (const { name, reason } of result.failed) console.log(`${name}: ${reason}`);
  console.log(`${result.done.length} of ${requests.length} models are published: ${requests.map(labelOf).join(', ')}`);
  await connection.close();
  return result;
}

let shown = 0;

/** In place of the table before, on a terminal. */
function show(table: string): void {
  if (process.stdout.isTTY && shown > 0) process.stdout.write(`\x1b[${shown}A\x1b[J`);
  console.log(process.stdout.isTTY ? table : `\n${table}`);
  shown = table.split('\n').length;
}
