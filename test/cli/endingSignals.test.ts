import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCurrent } from '../../src/store/modelDirectory';
import { runCli, startCliGroup } from './runCli';

const small = ['--hidden', '32', '--embedding', '16', '--batch', '8', '--sequence', '32', '--json'];

let directory: string;
let workspace: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-signals-'));
  workspace = join(directory, 'workspace');
  await cp(join(import.meta.dirname, '../fixtures/workspace'), workspace, { recursive: true });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('a training whose process group is asked to end', () => {
  it.each([
    ['by a service manager', ['SIGTERM']],
    ['by timeout, which asks process and group', ['SIGTERM', 'SIGTERM']],
    ['because its terminal was closed', ['SIGHUP']],
    ['by Ctrl-C', ['SIGINT']],
  ] as const)('%s saves what it has learned, and goes on from there', { timeout: 240_000 }, async (_, signals) => {
    const out = join(directory, signals.join());
    const run = startCliGroup(['train', workspace, '--out', out, '--minutes', '10', ...small]);
    await run.until('"type":"progress"');
    for (const signal of signals) process.kill(-run.child.pid!, signal);
    const { code, stderr, lines } = await run.result;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Stopping; the best model is kept. Ctrl-C again ends at once.\n',
    });
    const done = lines.at(-1)! as { type: string; reason: string; steps: number };
    expect(done).toMatchObject({ type: 'done', reason: 'stopped' });
    expect(await readCurrent(out)).toBeDefined();
    const resumed = await runCli('train', workspace, '--out', out, '--resume', '--steps', '1', '--json');
    expect(resumed.lines.at(-1)).toMatchObject({ type: 'done', steps: done.steps + 1 });
  });
});
