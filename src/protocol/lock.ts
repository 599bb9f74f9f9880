import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { UserError } from '../core/errors';
import { temporaryPrefix } from './atomicFile';
import { lockSchema } from './files';

/**
 * Takes the lock of a model directory: one training at a time. The lock of a process that is gone is taken over at
 * once; a process is known by its id and its start time, so that a number used again does not hold it for ever.
 * @returns a function that gives the lock back
 * @throws UserError where another process trains there
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const content = JSON.stringify({ pid: process.pid, startedAt: await startTimeOf(process.pid) });
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await createWhole(path, content)) return () => release(path, content);
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (await isHeld(holder)) {
      throw new UserError(
        `Another training runs in ${dirname(path)}: ${await describeHolder(path, holder)}.`,
        'Wait for it to end, or stop it.',
      );
    }
    await removeStale(path, holder);
  }
  throw new UserError(`The lock ${path} cannot be taken.`, 'Delete this file if no training runs.');
}

/** Which process, and since when by the clock of the day. */
async function describeHolder(path: string, holder: string): Promise<string> {
  const lock = v.safeParse(lockContent, holder);
  const since = await stat(path).catch(() => undefined);
  return [
    lock.success ? `process ${lock.output.pid}` : 'a process',
    ...(since === undefined ? [] : [`since ${since.mtime.toLocaleString('sv')}`]),
  ].join(', ');
}

/** Creates the file with its whole content in one step; false where it exists. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const temporary = join(dirname(path), `${temporaryPrefix}${randomUUID()}`);
  await writeFile(temporary, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Moves a stale lock away; puts it back where another process has taken it over in between. */
async function removeStale(path: string, holder: string): Promise<void> {
  const aside = join(dirname(path), `${temporaryPrefix}${randomUUID()}`);
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, content: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === content) await rm(path, { force: true });
}

const lockContent = v.pipe(v.string(), v.parseJson(), lockSchema);

async function isHeld(content: string): Promise<boolean> {
  const lock = v.safeParse(lockContent, content);
  if (!lock.success || !isAlive(lock.output.pid)) return false;
  return (await startTimeOf(lock.output.pid)) === lock.output.startedAt;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process started, in whatever form the system has it; empty where it does not say. */
async function startTimeOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    // Field 22 of proc_pid_stat(5); the second one, in parentheses, may hold blanks.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  }
  if (process.platform === 'win32') return '';
  const options = { env: { ...process.env, LC_ALL: 'C' } };
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], options).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}
