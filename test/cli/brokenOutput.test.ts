import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCurrent } from '../../src/store/modelDirectory';
import { cli, startCli } from './runCli';

const timeout = 240_000;
const small = ['--hidden', '32', '--embedding', '16', '--batch', '8', '--sequence', '32'];
const full = 'recur: Standard output cannot be written to (ENOSPC). Write it to another place.\n';

let directory: string;
let workspace: string;
let out: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-output-'));
  workspace = join(directory, 'workspace');
  out = join(directory, 'trained');
  await cp(join(import.meta.dirname, '../fixtures/workspace'), workspace, { recursive: true });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Runs `recur` with a standard output whose disk is full. */
function runOnFullDisk(...args: string[]): { code: number | null; stderr: string } {
  const device = openSync('/dev/full', 'w');
  try {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], {
      stdio: ['ignore', device, 'pipe'],
      cwd: directory,
      encoding: 'utf8',
    });
    return { code: status, stderr };
  } finally {
    closeSync(device);
  }
}

describe.skipIf(process.platform !== 'linux')('on a full disk behind standard output', () => {
  it('a training keeps its model, and ends with 1', { timeout }, async () => {
    expect(runOnFullDisk('train', workspace, '--out', out, '--steps', '2', ...small, '--json')).toEqual({
      code: 1,
      stderr: full,
    });
    expect(await readCurrent(out)).toBeDefined();
  });

  it.each([
    ['evaluate', () => ['evaluate', join(workspace, 'LICENSE'), '--model', out]],
    ['complete', () => ['complete', join(workspace, 'LICENSE'), '--line', '1', '--column', '1', '--model', out]],
    ['generate', () => ['generate', '--model', out, '--length', '5']],
    ['models', () => ['models', '--model', out]],
    ['doctor', () => ['doctor', '--model', out]],
    ['help', () => ['--help']],
  ])('%s ends with 1 and a sentence', { timeout }, (_, args) => {
    expect(runOnFullDisk(...args())).toEqual({ code: 1, stderr: full });
  });

  it('what was written in part only is a failure too', async () => {
    const file = join(directory, 'part');
    // A limit of one block: the first write takes what fits.
    const script = `ulimit -f 1; "${process.execPath}" "${cli}" train --help > "${file}"`;
    const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: full.replace('ENOSPC', 'EFBIG') });
    expect((await stat(file)).size).toBe(1024);
  });
});

describe('with a reader that is gone', () => {
  it.each([
    ['help of a command', ['train', '--help']],
    ['help', []],
  ])('%s ends with 0, and quietly', { timeout }, async (_, args) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('of both streams (2>&1 | head) a training goes on to its end', { timeout }, async () => {
    const headed = join(directory, 'headed');
    const run = startCli(['train', workspace, '--out', headed, '--steps', '40', ...small, '--json']);
    await run.until('"type":"corpus"');
    run.child.stdout!.destroy();
    run.child.stderr!.destroy();
    expect((await run.result).code).toBe(0);
    expect(await readCurrent(headed)).toBeDefined();
  });
});
