import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from '../../src/protocol/lock';

let directory: string;
let lock: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-lock-'));
  lock = join(directory, 'lock');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

describe('the lock of a model directory', () => {
  it('is held by one at a time and can be taken again after release', async () => {
    const release = await acquireLock(lock);
    await expect(acquireLock(lock)).rejects.toMatchObject({ name: 'UserError' });
    await release();
    await (
      await acquireLock(lock)
    )();
  });

  it('is taken by exactly one of many that ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(lock)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['of a process that is gone', async () => JSON.stringify({ pid: await endedProcess(), startedAt: '1' })],
    [
      'whose number another process has now',
      () => Promise.resolve(JSON.stringify({ pid: process.pid, startedAt: '1' })),
    ],
    ['that was torn while being written', () => Promise.resolve('{"pid":')],
  ])('is taken over %s', async (_, content) => {
    await writeFile(lock, await content());
    const release = await acquireLock(lock);
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    await release();
  });
});
