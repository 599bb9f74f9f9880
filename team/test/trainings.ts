import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Repository } from '../src/demo/repositories';
import { taskQueue, type JobProgress, type JobRequest } from '../src/jobRequest';
import { progressOf, project, until, type Cluster } from './cluster';

const execute = promisify(execFile);
const cli = join(project, 'dist', 'cli.js');

/** How often each loss happens, and in how many repositories: npm run team:soak -- COUNT. */
export const rounds = Number(process.env.RECUR_TEAM_ROUNDS ?? 1);

/** Folders of the project's sources that have enough text for a repository. */
export const rooms = [
  ...[
    'text',
    'onnx',
    'surprise',
    'core',
    'lsp',
    'protocol',
    'offers',
    'trainer',
    'jobs',
    'inference',
    'editors',
    'store',
  ],
  ...['cli', 'memory', 'corpus', 'extension', 'panel', 'engine', 'training', 'cuda'],
];

/** Small enough for a busy machine, on a single thread: such a training is the same everywhere, to the bit. */
export const training = { hidden: 32, embedding: 16, batch: 8, sequence: 32, threads: 1, minimumCharacters: 5_000 };

export function requestFor({ servers }: Cluster, { name, directory }: Repository, changes: object): JobRequest {
  const place = { repository: directory, revision: 'main', store: servers.store, from: 'none' };
  return { spec: { name, ...place, training, checkpoint: { steps: 20, seconds: 3600 }, ...changes } };
}

export const start = ({ client }: Cluster, workflowType: string, workflowId: string, request: unknown) =>
  client.workflow.start(workflowType, { workflowId, taskQueue, args: [request] });

/** Resolves when a job can be gone on with from the store. @throws where it has ended before */
export const untilStored = ({ client }: Cluster, workflowId: string): Promise<JobProgress & { stored: number }> =>
  until(async () => {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    assert.equal(status.name, 'RUNNING');
    const progress = await progressOf(client, workflowId);
    const { stored = null } = progress ?? {};
    return progress === undefined || stored === null ? undefined : { ...progress, stored };
  });

/** Runs `recur … --json`. @returns its last line */
export async function recur(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { stdout } = await execute(process.execPath, [cli, ...args, '--json'], { env: { ...process.env, ...env } });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

async function graphOf(answer: unknown): Promise<Buffer> {
  return readFile(join((answer as { model: string }).model, 'model.onnx'));
}

/** The graph of the newest version of a model. */
export async function publishedGraph({ work, servers }: Cluster, name: string, store = servers.store): Promise<Buffer> {
  const out = join(work, 'pulled', store.replaceAll(/\W/g, '-'), name);
  return graphOf(await recur(['pull', name, '--store', store, '--out', out], servers.env));
}

/** The graph of a training on this machine without store and engine, of the same seed. */
export async function localGraph({ work }: Cluster, { name, directory }: Repository, steps: number): Promise<Buffer> {
  const options = Object.entries(training).flatMap(([key, value]) => [
    `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
  const out = ['--out', join(work, `local-${name}`)];
  return graphOf(await recur(['train', directory, ...out, '--from', 'none', '--steps', String(steps), ...options]));
}

/** Runs the SPEC of several machines as processes of this one, which share a folder. @returns its address as a store */
export async function trainInFolder({ work }: Cluster, { spec }: JobRequest): Promise<string> {
  const [store, file] = [join(work, 'folder'), join(work, 'together.json')];
  await writeFile(file, JSON.stringify(spec));
  const machines = Array.from({ length: spec.machines! }, (_, index) => String(index + 1));
  await Promise.all(machines.map((machine) => recur(['job', 'run', file, '--store', store, '--machine', machine])));
  return store;
}

/** Looks for the secret of the store in what the engine keeps and in all logs. */
export async function assertNoSecret(
  { work, servers, client }: Cluster,
  workflowIds: readonly string[],
): Promise<void> {
  const secret = servers.env.AWS_SECRET_ACCESS_KEY!;
  const files = (await readdir(work)).filter((name) => /\.(log|sqlite.*)$/.test(name));
  for (const file of files) assert.ok(!(await readFile(join(work, file))).includes(secret), file);
  for (const id of workflowIds) {
    const history = await client.workflow.getHandle(id).fetchHistory();
    assert.ok(!JSON.stringify(history).includes(secret));
  }
}
