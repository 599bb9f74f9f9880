import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isRetryableError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import type { Running } from '../src/demo/processes';
import { startServers, startWorker, type Servers } from '../src/demo/servers';
import type { JobProgress } from '../src/jobRequest';
import { progressIn } from '../src/status';
import type { Link, Network } from './network';

/** The project's folder, from that of the bundles. */
export const project = join(import.meta.dirname, '..', '..');

/** Servers, a client, and workers as they are asked for. */
export interface Cluster {
  readonly servers: Servers;
  readonly client: Client;
  /** Folder of this cluster alone. */
  readonly work: string;
  startWorker(name: string, env?: Readonly<Record<string, string>>): Running;
  /** A worker on a machine of its own, where the cluster has a network. */
  startMachine(name: string): Promise<Running & Link>;
  stop(): Promise<void>;
}

const deadlineExceeded = 4;
/** A server on a busy machine that does not answer in time is asked again, and longer than the SDK asks one that is away. */
const [slowAnswers, failures] = [5, 60];
const patience = makeGrpcRetryInterceptor({
  ...defaultGrpcRetryOptions(),
  retryableDecider: (attempt, status) =>
    (status.code as number) === deadlineExceeded
      ? attempt < slowAnswers
      : attempt < failures && isRetryableError(status),
});

/** @param network where machines are to have links that can be cut; it is closed with the cluster */
export async function startCluster(network?: Network): Promise<Cluster> {
  const work = await mkdtemp(join(tmpdir(), 'recur-cluster-'));
  const bin = process.env.RECUR_TEAM_BIN ?? join(project, '.cache', 'team', 'bin');
  const servers = await startServers(bin, work, network?.address);
  const address = servers.env.TEMPORAL_ADDRESS!;
  const connection = await until(() =>
    Connection.connect({ address, interceptors: [patience] }).catch(() => undefined),
  );
  const workers: Running[] = [];
  // What a worker leaves that is killed goes with the cluster.
  const temporary = { TMPDIR: work };
  return {
    ...{ servers, work, client: new Client({ connection }) },
    startWorker(name, env = {}) {
      const worker = startWorker(name, { servers, work, env: { ...temporary, ...env } });
      workers.push(worker);
      return worker;
    },
    async startMachine(name) {
      const machine = network!.machine();
      const worker = startWorker(name, { servers, work, via: machine.via, env: temporary });
      workers.push(worker);
      return { ...worker, ...(await machine.connect(worker.child)) };
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await connection.close();
      await servers.stop();
      network?.close();
      await rm(work, { recursive: true, force: true });
    },
  };
}

const lookMs = 200;

/** Asks again until there is an answer. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** What the last heartbeat of a workflow's job has told; undefined before the first. */
export async function progressOf(client: Client, workflowId: string): Promise<JobProgress | undefined> {
  return progressIn(await client.workflow.getHandle(workflowId).describe());
}
