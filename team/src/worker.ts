import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities';
import { address, namespace } from './connection';
import { taskQueue } from './jobRequest';

/*
 * One worker: takes jobs from the queue, RECUR_JOBS at a time (1), and runs each as a process of its own. SIGTERM has them write
 * a checkpoint; other workers go on with them.
 */
const name = process.env.RECUR_WORKER ?? `${hostname()}-${process.pid}`;
const cli = resolve(process.env.RECUR_CLI ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js'));
const graceSeconds = 40;

Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
// By the link that jobs come by: what it says of the link is true of them.
const client = new Client({ connection, namespace });
const worker = await Worker.create({
  ...{ connection, namespace, taskQueue, identity: name },
  workflowBundle: { codePath: join(import.meta.dirname, 'workflows.js') },
  activities: createActivities({ cli, worker: name, client, log: (line) => console.log(line) }),
  maxConcurrentActivityTaskExecutions: Number(process.env.RECUR_JOBS ?? 1),
  // Cancelling comes with the answer to a heartbeat.
  maxHeartbeatThrottleInterval: '1 second',
  shutdownGraceTime: 0,
  shutdownForceTime: `${graceSeconds} seconds`,
});
console.log(`worker ${name} takes jobs from ${address}`);
await worker.run();
await connection.close();
