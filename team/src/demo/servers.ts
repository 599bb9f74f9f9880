import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePorts, startProgram, untilReady, type Running } from './processes';

/** A Temporal server and an S3 store on the loopback address. */
export interface Servers {
  /** Variables for workers and clients; they hold the credentials of the store. */
  readonly env: Readonly<Record<string, string>>;
  /** Address of the store, for a SPEC. */
  readonly store: string;
  readonly temporal: Running;
  readonly seaweed: Running;
  stop(): Promise<void>;
}

/**
 * @param bin folder of the programs `temporal` and `weed`
 * @param work folder for data and logs
 */
export async function startServers(bin: string, work: string): Promise<Servers> {
  const [grpc, http, master, masterGrpc, volume, volumeGrpc, filer, filerGrpc, s3, s3Grpc] = await freePorts(10);
  const temporal = startProgram(
    join(bin, 'temporal'),
    [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', `${grpc}`, '--http-port', `${http}`],
      ...['--log-level', 'error', '--db-filename', join(work, 'temporal.sqlite')],
      // One partition: priorities are kept within each.
      ...['matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'].flatMap((value) => [
        '--dynamic-config-value',
        value,
      ]),
      ...['--dynamic-config-value', 'matching.useNewMatcher=true'],
    ],
    { log: join(work, 'temporal.log') },
  );
  const key = randomBytes(10).toString('hex');
  const secret = randomBytes(20).toString('hex');
  const config = join(work, 's3.json');
  const identity = { name: 'workers', credentials: [{ accessKey: key, secretKey: secret }], actions: ['Admin'] };
  await writeFile(config, JSON.stringify({ identities: [identity] }), { mode: 0o600 });
  const data = join(work, 'seaweed');
  await mkdir(data);
  const seaweed = startProgram(
    join(bin, 'weed'),
    [
      ...['-logtostderr', 'server', `-dir=${data}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1'],
      ...[`-master.port=${master}`, `-master.port.grpc=${masterGrpc}`, '-master.volumeSizeLimitMB=64'],
      ...[`-volume.port=${volume}`, `-volume.port.grpc=${volumeGrpc}`, '-volume.max=100'],
      ...['-filer', `-filer.port=${filer}`, `-filer.port.grpc=${filerGrpc}`],
      ...['-s3', `-s3.port=${s3}`, `-s3.port.grpc=${s3Grpc}`, `-s3.config=${config}`],
    ],
    { log: join(work, 'seaweed.log') },
  );
  const address = `127.0.0.1:${grpc}`;
  await untilReady('Temporal', temporal, async () => (await Connection.connect({ address })).close());
  const filerUrl = `http://127.0.0.1:${filer}/buckets/models/`;
  // A bucket is a folder of the filer.
  await untilReady('SeaweedFS', seaweed, () => made(filerUrl));
  await untilReady('SeaweedFS', seaweed, () => answers(`http://127.0.0.1:${s3}/`));
  return {
    env: {
      ...{ TEMPORAL_ADDRESS: address, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3}`, AWS_REGION: 'us-east-1' },
      ...{ AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret },
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    ...{ store: 's3://models/team', temporal, seaweed },
    async stop() {
      await Promise.all([temporal.stop(), seaweed.stop()]);
    },
  };
}

/** A worker of these servers. @param env beside theirs */
export function startWorker(
  name: string,
  { servers, work, env = {} }: { servers: Servers; work: string; env?: Readonly<Record<string, string>> },
): Running {
  return startProgram(process.execPath, [join(import.meta.dirname, 'worker.mjs')], {
    log: join(work, `worker-${name}.log`),
    env: { ...servers.env, RECUR_WORKER: name, ...env },
  });
}

async function made(url: string): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST' });
  if (!ok) throw new Error(`${url}: ${status}`);
}

/** Any answer will do: without credentials it is a refusal. */
async function answers(url: string): Promise<void> {
  await fetch(url);
}
