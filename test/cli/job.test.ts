import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphName, readModel } from '../../src/store/modelDirectory';
import { startS3Server } from '../objectStore/s3Server';
import { runCli, startCli, type CliResult } from './runCli';

const training = { hidden: 32, embedding: 16, batch: 8, sequence: 32, threads: 2 };
const options = Object.entries(training).flatMap(([name, value]) => [`--${name}`, String(value)]);
/** Many more than are trained while a signal is on its way. */
const steps = 240;

let directory: string;
let workspace: string;
let store: string;
let local: Uint8Array;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-job-'));
  workspace = join(directory, 'workspace');
  store = join(directory, 'store');
  await cp(join(import.meta.dirname, '../fixtures/workspace'), workspace, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', workspace, ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'all');
  const out = join(directory, 'local');
  await runCli('train', workspace, '--out', out, '--steps', String(steps), ...options);
  local = await graphOf(out);
}, 240_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

async function graphOf(out: string): Promise<Uint8Array> {
  return (await readModel(out)).graphs.get(graphName)!;
}

async function specOf(name: string, changes: object = {}): Promise<string> {
  const file = join(directory, `${name}.json`);
  const place = { repository: workspace, revision: 'main' };
  const checkpoint = { steps: 20, seconds: 3600 };
  await writeFile(file, JSON.stringify({ name, ...place, store, budget: { steps }, training, checkpoint, ...changes }));
  return file;
}

const lastOf = (result: CliResult) => result.lines.at(-1)!;
const firstOf = (result: CliResult, type: string) => result.lines.find((line) => line.type === type);

describe('a job', () => {
  it(
    'that two workers believe to own publishes one version, the model of a local training to the bit',
    { timeout: 300_000 },
    async () => {
      const spec = await specOf('web');
      const workers = [1, 2].map(() => runCli('job', 'run', spec, '--json'));
      const results = await Promise.all(workers);
      expect(results.map(({ code }) => code)).toEqual([0, 0]);
      expect(results.map((result) => lastOf(result).version)).toEqual([1, 1]);
      const again = await runCli('job', 'run', spec, '--json');
      expect(lastOf(again)).toMatchObject({ type: 'done', again: true, version: 1, steps });
      expect(firstOf(again, 'corpus')).toBeUndefined();
      const out = join(directory, 'pulled');
      const pulled = await runCli('pull', 'web', '--store', store, '--out', out, '--json');
      expect(pulled.code).toBe(0);
      expect(Buffer.compare(await graphOf(out), local)).toBe(0);
      // Nothing is left but the result, the version and what they name.
      const left = await readdir(join(store, 'jobs'), { withFileTypes: true, recursive: true });
      const files = left.filter((entry) => entry.isFile()).map(({ parentPath }) => basename(parentPath));
      expect(files).toEqual(['result.json']);
    },
  );

  it(
    'that is killed, and then asked to end, goes on each time from its last checkpoint, on any machine',
    { timeout: 300_000 },
    async () => {
      const spec = await specOf('killed', { id: 'nightly-1' });
      const killed = startCli(['job', 'run', spec, '--json']);
      await killed.until('{"type":"stored","step":20}');
      killed.child.kill('SIGKILL');
      await killed.result;
      const stopped = startCli(['job', 'run', spec, '--json']);
      await stopped.until('"type":"progress"');
      stopped.child.kill('SIGTERM');
      const result = await stopped.result;
      expect(result.code).toBe(75);
      const restored = firstOf(result, 'restored')!.step as number;
      expect(restored).toBeGreaterThanOrEqual(20);
      const { type, step } = lastOf(result) as { type: string; step: number };
      expect(type).toBe('stopped');
      expect(step).toBeGreaterThanOrEqual(restored);
      const ended = await runCli('job', 'run', spec, '--json');
      expect(firstOf(ended, 'restored')).toMatchObject({ step });
      expect(lastOf(ended)).toMatchObject({ type: 'done', again: false, version: 1, steps });
      const { manifest } = await readModel(join(directory, 'local'));
      const { nats } = (lastOf(ended) as { validation?: { nats: number } }).validation!;
      expect(nats).toBeCloseTo(manifest.validation!.nats, 4);
    },
  );

  it('that is tied to whoever started it ends with them', async () => {
    // Standard input of a test run has nothing in it.
    const { code, lines } = await runCli('job', 'run', await specOf('tied'), '--tied', '--json');
    expect(code).toBe(75);
    expect(lines.at(-1)).toEqual({ type: 'stopped', step: null });
  });

  it('whose id was begun with another SPEC is refused', async () => {
    const other = await specOf('killed', { id: 'nightly-1', budget: { steps: 241 } });
    const { code, stderr } = await runCli('job', 'run', other);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `recur: The job nightly-1 in ${store} was begun with another SPEC. Give the changed one another id, or none.\n`,
    );
  });
});

describe('a job that cannot be done ends with one sentence', () => {
  it.each([
    ['a SPEC that does not fit', 2, { budget: {} }, "'budget' in the SPEC needs minutes, steps or epochs."],
    ['no repository', 1, { repository: '/nowhere/at-all' }, '/nowhere/at-all cannot be checked out: fatal:'],
    ['no such branch', 1, { revision: 'nowhere' }, "has no branch or tag 'nowhere'."],
  ] as const)('%s: exit code %i', async (name, expected, changes, sentence) => {
    const { code, stderr } = await runCli('job', 'run', await specOf('bad', changes));
    expect(code, name).toBe(expected);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['wrong credentials', 403, 'SignatureDoesNotMatch', 1, 'refuses these credentials (SignatureDoesNotMatch).'],
    ['a full store', 507, 'InsufficientStorage', 75, 'is full (InsufficientStorage).'],
  ] as const)('%s', async (_, status, failure, expected, sentence) => {
    const server = await startS3Server('bucket');
    server.failure = { status, code: failure };
    const environment = {
      ...{ AWS_ENDPOINT_URL_S3: server.endpoint, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'hidden-secret' },
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const args = ['job', 'run', await specOf('full'), '--store', 's3://bucket/team'];
    const { code, stderr, stdout } = await startCli(args, environment).result;
    await server.close();
    expect(code).toBe(expected);
    expect(stderr).toContain(`recur: The store s3://bucket/team ${sentence}`);
    expect(stderr + stdout).not.toContain('hidden-secret');
  });
});
