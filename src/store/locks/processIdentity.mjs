import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/**
 * A process that is told apart from a later one with the same number.
 * @typedef {object} ProcessIdentity
 * @property {number} pid
 * @property {string} startedAt when it started, in whatever form the system has it; empty where it does not say (Windows)
 */

/** @typedef {'running' | 'gone' | 'unknown'} ProcessState */

/** @type {string | undefined} */
let place;

/**
 * Names the space in which process numbers mean the same: this start of this machine and, on Linux, the namespace of a
 * container. Names of spaces that are gone may come again (of namespaces they do); start times tell their processes apart.
 * @returns {Promise<string>} one that equals no other where the system does not say
 */
export async function processSpace() {
  place ??= await (process.platform === 'linux' ? linuxSpace() : Promise.resolve(hostname()));
  return place;
}

async function linuxSpace() {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return randomUUID();
  }
}

/**
 * @param {number} pid of a process in our own space
 * @returns {Promise<ProcessIdentity>}
 */
export async function identityOf(pid) {
  return { pid, startedAt: (await readProcess(pid))?.startedAt ?? '' };
}

/**
 * Whether a process of our own space still runs. One that has ended and that nobody has waited for (a container's first
 * process often does not) is gone.
 * @param {ProcessIdentity} identity
 * @returns {Promise<ProcessState>} unknown where there is a process of that number, and no telling whether it is this one
 */
export async function stateOf({ pid, startedAt }) {
  if (!isThere(pid)) return 'gone';
  const found = await readProcess(pid);
  if (found === undefined || startedAt === '') return 'unknown';
  return found.ended || found.startedAt !== startedAt ? 'gone' : 'running';
}

/** @param {number} pid */
function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {number} pid
 * @returns {Promise<{startedAt: string, ended: boolean} | undefined>} undefined where the system does not say
 */
async function readProcess(pid) {
  if (process.platform === 'win32') return undefined;
  return process.platform === 'linux' ? readLinuxProcess(pid) : askPs(pid);
}

/** @param {number} pid */
async function readLinuxProcess(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Fields 3 and 22 of proc_pid_stat(5); the second one, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', startedAt] = [fields[0], fields[19]];
  return startedAt === undefined ? undefined : { startedAt, ended: 'ZX'.includes(state) };
}

/** @param {number} pid */
async function askPs(pid) {
  // The same words whatever language and time zone this process has.
  const options = { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  const asked = promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], options);
  const [, state = '', startedAt] =
    /^(\S+)\s+(.+)$/.exec((await asked.catch(() => ({ stdout: '' }))).stdout.trim()) ?? [];
  return startedAt === undefined ? undefined : { startedAt, ended: state.startsWith('Z') };
}
