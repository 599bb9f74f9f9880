import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { takeLock } from '../../src/store/locks/folderLock.mjs';

let directory: string;
let lock: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-containers-'));
  lock = join(directory, 'lock');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** Process numbers of its own, as in a container: the program is process 1. */
const unshare = ['--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
const canUnshare = process.platform === 'linux' && spawnSync('unshare', [...unshare, 'true']).status === 0;

const script = `
  import { takeLock } from ${JSON.stringify(resolve('src/store/locks/folderLock.mjs'))};
  const taken = await takeLock(process.argv[1], { purpose: 'test', beatMs: Number(process.argv[2]) });
  console.log(process.pid, 'holder' in taken ? 'refused' : 'taken');
  if (!('holder' in taken)) setInterval(() => {}, 1_000);
`;

/** Takes the lock in a container that is new, and holds it. */
async function takeInContainer(beatMs: number): Promise<{ container: ChildProcess; said: string }> {
  const args = [process.execPath, '--input-type=module', '-e', script, lock, String(beatMs)];
  const container = spawn('unshare', [...unshare, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void container.kill('SIGKILL'));
  const [line] = (await once(container.stdout, 'data')) as [Buffer];
  return { container, said: line.toString().trim() };
}

describe('a lock in a folder that containers share', () => {
  beforeEach((context) => {
    if (!canUnshare) context.skip('this system gives nobody process numbers of their own (unshare)');
  });

  it('is taken over from one that was killed, by a process with the same number', async () => {
    const first = await takeInContainer(50);
    expect(first.said).toBe('1 taken');
    first.container.kill('SIGKILL');
    await once(first.container, 'exit');
    expect((await takeInContainer(50)).said).toBe('1 taken');
  });

  it('is not taken from a process that runs in another, whatever its number is here', { timeout: 60_000 }, async () => {
    // A beat that only a machine which stood still for 20 seconds would miss.
    const beatMs = 2_000;
    expect((await takeInContainer(beatMs)).said).toBe('1 taken');
    expect((await takeInContainer(beatMs)).said).toBe('1 refused');
    expect(await takeLock(lock, { purpose: 'test', beatMs })).toMatchObject({ holder: { pid: 1, purpose: 'test' } });
  });
});
