import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePorts, startProgram, untilReady, type Running } from './processes';

/** A server that can be killed, and started again on its data. */
export interface Server {
  kill(): Promise<void>;
  /** Resolves when it answers. @param options of its command line, beside those that it always has */
  start(options?: readonly string[]): Promise<void>;
}

/** A Temporal server and an S3 store. */
export interface Servers {
  /** Variables for workers and clients; they hold the credentials of the store. */
  readonly env: Readonly<Record<string, string>>;
  /** Address of the store, for a SPEC. */
  readonly store: string;
  readonly temporal: Server;
  readonly seaweed: Server;
  stop(): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * @param bin folder of the programs `temporal` and `weed`
 * @param work folder for data and logs
 * @param host address of this machine that workers and clients find them at
 */
export async function startServers(bin: string, work: string, host = loopback): Promise<Servers> {
  const [grpc, http, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3, s3Grpc] = await freePorts(10);
  const listening = host === loopback ? loopback : '0.0.0.0';
  const key = randomBytes(10).toString('hex');
  const secret = randomBytes(20).toString('hex');
  const config = join(work, 's3.json');
  const identity = { name: 'workers', credentials: [{ accessKey: key, secretKey: secret }], actions: ['Admin'] };
  await writeFile(config, JSON.stringify({ identities: [identity] }), { mode: 0o600 });
  const data = join(work, 'seaweed');
  await mkdir(data);
  const address = `${host}:${grpc}`;
  const temporal = createServer(
    (options) =>
      startProgram(
        join(bin, 'temporal'),
        [
          ...['server', 'start-dev', '--headless', '--ip', listening, '--port', `${grpc}`, '--http-port', `${http}`],
          ...['--log-level', 'error', '--db-filename', join(work, 'temporal.sqlite')],
          // Outlives the server, not the computer: on a busy disk it waits for nothing.
          ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off'],
          // One partition: priorities are kept within each.
          ...['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'].flatMap((value) => [
            '--dynamic-config-value',
            value,
          ]),
          ...['--dynamic-config-value', 'matching.useNewMatcher=true'],
          ...options,
        ],
        { log: join(work, 'temporal.log') },
      ),
    (running) => untilReady('Temporal', running, async () => (await Connection.connect({ address })).close()),
  );
  const seaweed = createServer(
    (options) =>
      startProgram(
        join(bin, 'weed'),
        [
          ...['-logtostderr', 'server', `-dir=${data}`, `-ip=${loopback}`, `-ip.bind=${listening}`],
          ...[`-master.port=${master}`, `-master.port.grpc=${masterGrpc}`, '-master.volumeSizeLimitMB=64'],
          ...[`-volume.port=${volume}`, `-volume.port.grpc=${volumeGrpc}`, '-volume.max=100'],
          ...['-filer', `-filer.port=${filer}`, `-filer.port.grpc=${filerGrpc}`],
          // Else these two have the same port always, where another server may listen.
          ...['-s3.port.iceberg=0', '-s3.port.lance=0'],
          ...['-s3', `-s3.port=${s3}`, `-s3.port.grpc=${s3Grpc}`, `-s3.config=${config}`],
          ...options,
        ],
        { log: join(work, 'seaweed.log') },
      ),
    async (running) => {
      // A bucket is a folder of the filer.
      await untilReady('SeaweedFS', running, () => made(`http://${loopback}:${filer}/buckets/models/`));
      await untilReady('SeaweedFS', running, () => answers(`http://${host}:${s3}/`));
    },
  );
  await Promise.all([temporal.start(), seaweed.start()]);
  return {
    env: {
      ...{ TEMPORAL_ADDRESS: address, AWS_ENDPOINT_URL_S3: `http://${host}:${s3}`, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret },
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    ...{ store: 's3://models/team', temporal, seaweed },
    async stop() {
      await Promise.all([temporal.stop(), seaweed.stop()]);
    },
  };
}

function createServer(
  begin: (options: readonly string[]) => Running,
  ready: (running: Running) => Promise<unknown>,
): Server & Pick<Running, 'stop'> {
  let running: Running | undefined;
  return {
    async start(options = []) {
      running = begin(options);
      await ready(running);
    },
    async kill() {
      await running?.kill();
    },
    async stop() {
      await running?.stop();
    },
  };
}

/**
 * A worker of these servers.
 * @param env beside theirs
 * @param via command and arguments of what starts it elsewhere than on this machine
 */
export function startWorker(
  name: string,
  {
    servers,
    work,
    env = {},
    via = [],
  }: { servers: Servers; work: string; env?: Readonly<Record<string, string>>; via?: readonly string[] },
): Running {
  const [command, ...args] = [...via, process.execPath, join(import.meta.dirname, 'worker.mjs')];
  return startProgram(command, args, {
    log: join(work, `worker-${name}.log`),
    env: { ...servers.env, RECUR_WORKER: name, ...env },
  });
}

/** It is there, from before the server was started again. */
const conflict = 409;

async function made(url: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST' });
  if (!ok && status !== conflict) throw new Error(`${url}: ${status}`);
}

/** Any answer will do: without credentials it is a refusal. */
async function answers(url: string): Promise<void> {
  await fetch(url);
}
