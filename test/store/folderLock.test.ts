import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { takeLock, type HeldLock } from '../../src/store/locks/folderLock.mjs';
import type { Holder } from '../../src/store/locks/lockHolder.mjs';
import { compilePreload, noLinks } from './fileSystems';
import { identityOf, processSpace } from '../../src/store/locks/processIdentity.mjs';

let directory: string;
let lock: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-lock-'));
  lock = join(directory, 'lock');
});

// Whoever holds the lock may be writing to it.
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));

/** So short that a holder that shows no life is given up at once. */
const options = { purpose: 'test', beatMs: 5 };

async function take(): Promise<HeldLock> {
  const taken = await takeLock(lock, options);
  if ('holder' in taken) throw new Error(`Process ${taken.holder?.pid} has the lock.`);
  return taken;
}

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

/** A process that has ended and that its parent never waits for: it ends when that is no shell any more. */
async function zombie(): Promise<number> {
  const parent = spawn('sh', ['-c', 'read -r end <&3 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await expect.poll(() => readFile(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
  (parent.stdio[3] as Writable).end('\n');
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
  return pid;
}

async function holder(changed: Partial<Holder> = {}): Promise<Holder> {
  const own = await identityOf(process.pid);
  return { ...own, space: await processSpace(), parent: null, purpose: 'test', since: '', ...changed };
}

const entry = (): string => join(lock, `${randomUUID()}.json`);

async function leaveBehind(content: string, file = entry()): Promise<void> {
  await mkdir(lock);
  await writeFile(file, content);
}

describe('a lock', () => {
  it('is held by one at a time, can be taken again after its release, and leaves nothing behind', async () => {
    const first = await take();
    expect(await takeLock(lock, options)).toMatchObject({ holder: { pid: process.pid, purpose: 'test' } });
    await first.release();
    await (await take()).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it.each(['free', 'left behind'])('that is %s is taken by exactly one of many that ask at once', async (state) => {
    if (state === 'left behind') await leaveBehind(JSON.stringify(await holder({ pid: await endedProcess() })));
    const results = await Promise.all(Array.from({ length: 20 }, () => takeLock(lock, options)));
    expect(results.filter((result) => !('holder' in result))).toHaveLength(1);
    expect(await readdir(lock)).toHaveLength(1);
  });

  it.each([
    ['of a process that is gone', async () => holder({ pid: await endedProcess() })],
    ['whose number another process has now', () => holder({ startedAt: '1' })],
    ['of a container that is gone, with our number', () => holder({ space: 'another' })],
    ['that was torn while being written', () => Promise.resolve('{"pid":')],
    ['whose number is none', () => holder({ pid: 1e99 })],
  ])('is taken over %s', async (_, content) => {
    await leaveBehind(JSON.stringify(await content()));
    await take();
    expect(JSON.parse(await readFile(join(lock, (await readdir(lock))[0]!), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
  });

  it.runIf(process.platform === 'linux')('is taken over from a process that nobody has waited for', async () => {
    await leaveBehind(JSON.stringify(await holder(await identityOf(await zombie()))));
    await take();
  });

  it.each([
    ['of a process that is gone', async () => JSON.stringify({ pid: await endedProcess(), startedAt: '1' })],
    ['of a set-up', async () => String(await endedProcess())],
    ['that is empty', () => Promise.resolve('')],
  ])('is taken over from version 0.1.0, where it was a file, %s', async (_, content) => {
    await writeFile(lock, await content());
    await (await take()).release();
  });

  it('is not taken from a process of version 0.1.0 that runs', async () => {
    await writeFile(lock, JSON.stringify(await identityOf(process.pid)));
    expect(await takeLock(lock, options)).toMatchObject({ holder: { pid: process.pid } });
  });

  it('that is a link elsewhere removes nothing there', async () => {
    const elsewhere = join(directory, 'elsewhere');
    const theirs = `${randomUUID()}.json`;
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, theirs), '{"name":"theirs"}');
    await symlink(elsewhere, lock);
    await (await take()).release();
    expect(await readdir(elsewhere)).toEqual([theirs]);
  });

  it('is lost where another process has taken it, and its release leaves that one alone', async () => {
    const own = await take();
    const lost = once(own.lost, 'abort');
    await rm(lock, { recursive: true });
    const theirs = entry();
    await leaveBehind('of another', theirs);
    await lost;
    await own.release();
    expect(await readdir(lock)).toEqual([basename(theirs)]);
  });

  it('is put back where its folder was deleted', async () => {
    const own = await take();
    await rm(lock, { recursive: true });
    await expect.poll(() => readdir(lock).catch(() => [])).toHaveLength(1);
    expect(await takeLock(lock, options)).toMatchObject({ holder: { pid: process.pid } });
    expect(own.lost.aborted).toBe(false);
    await own.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is waited for where its holder has lost its parent: it is ending', async () => {
    const holding = `
      import { takeLock } from ${JSON.stringify(resolve('src/store/locks/folderLock.mjs'))};
      await takeLock(${JSON.stringify(lock)}, { purpose: 'test' });
      console.log(process.pid);
      setInterval(() => {}, 1_000);
    `;
    const parent = `
      const args = ['--input-type=module', '-e', ${JSON.stringify(holding)}];
      require('node:child_process').spawn(process.execPath, args, { stdio: 'inherit' });
    `;
    const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(await takeLock(lock, options)).toMatchObject({ holder: { pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const waited: unknown[] = [];
    const taken = await takeLock(lock, {
      ...options,
      onWait(holder) {
        waited.push(holder?.pid);
        process.kill(pid);
      },
    });
    expect(taken).not.toHaveProperty('holder');
    expect(waited).toEqual([pid]);
  });

  it('needs no hard links', async (context) => {
    const preload = compilePreload(context.skip, join(directory, 'noLinks.so'), noLinks);
    const script = `
      import { linkSync } from 'node:fs';
      import { takeLock } from ${JSON.stringify(resolve('src/store/locks/folderLock.mjs'))};
      try {
        linkSync(process.execPath, ${JSON.stringify(join(directory, 'link'))});
      } catch (error) {
        console.log(error.code);
      }
      const taken = await takeLock(${JSON.stringify(lock)}, { purpose: 'test' });
      console.log('holder' in taken ? 'refused' : 'taken');
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, LD_PRELOAD: preload },
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'EPERM\ntaken\n', stderr: '' });
  });
});
