import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { devNull } from 'node:os';
import { describeError, UserError } from '../core/errors';
import { folderBytes } from './folderBytes';
import { TemporaryError } from '../objectStore/objectStore';

/** What checking a repository out may take. */
export interface CheckoutLimits {
  readonly megabytes: number;
  readonly minutes: number;
}

/**
 * A repository may be anybody's: nothing of it is run (no hooks, filters, submodules or helper programs), and nobody is asked for
 * a password. Credentials come from git's helpers and SSH.
 */
const safely = [
  ...[`core.hooksPath=${devNull}`, 'core.fsmonitor=false', 'protocol.ext.allow=never', 'submodule.recurse=false'],
  ...['filter.lfs.smudge=', 'filter.lfs.process=', 'filter.lfs.required=false', 'gc.auto=0', 'maintenance.auto=false'],
].flatMap((option) => ['-c', option]);

const pointingElsewhere =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_\w+|NAMESPACE|PREFIX|COMMON_DIR)$/i;

function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !pointingElsewhere.test(name));
  return {
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...Object.fromEntries(own),
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_LFS_SKIP_SMUDGE: '1', LC_ALL: 'C' },
  };
}

/** The commit that a revision of a repository is now. @throws UserError where there is none; TemporaryError */
export async function resolveRevision(repository: string, revision: string, signal: AbortSignal): Promise<string> {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision)) return revision;
  const names = [revision, `refs/heads/${revision}`, `refs/tags/${revision}^{}`, `refs/tags/${revision}`];
  const listing = await git(['ls-remote', '--quiet', '--', repository, ...names], repository, { signal });
  const commits = new Map(listing.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
  const found = names.map((name) => commits.get(name)).find((commit) => commit !== undefined);
  if (found !== undefined) return found;
  throw new UserError(
    `${repository} has no branch or tag '${revision}'.`,
    'Name one that it has, or a commit by all of its 40 digits.',
  );
}

/**
 * Checks a commit out into a new folder, without its history where the server allows that.
 * @throws UserError where that is not possible within the limits; TemporaryError where the server cannot be reached
 */
export async function checkOut(
  repository: string,
  commit: string,
  directory: string,
  limits: CheckoutLimits,
  signal: AbortSignal,
): Promise<void> {
  const watched = { signal, minutes: limits.minutes, directory, mostBytes: limits.megabytes * 1e6 };
  const run = (...args: string[]): Promise<string> => git(['-C', directory, ...args], repository, watched);
  await mkdir(directory, { recursive: true });
  await run('init', '--quiet');
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    await run(...fetch, '--depth=1', '--', repository, commit);
  } catch (error) {
    if (!/unadvertised|not our ref/.test(describeError(error))) throw error;
    // Some servers give only what a branch or tag names: then the commit is somewhere behind one.
    await run(...fetch, '--', repository, '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
  }
  requireSize(await run('ls-tree', '-r', '-l', '-z', commit), repository, limits);
  await run('checkout', '--quiet', '--detach', commit);
}

function requireSize(listing: string, repository: string, { megabytes }: CheckoutLimits): void {
  const sizes = listing.split('\0').map((line) => Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(line)?.[1] ?? 0));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > megabytes * 1e6) throw tooLarge(repository, megabytes * 1e6);
}

function tooLarge(repository: string, mostBytes: number): UserError {
  return new UserError(
    `${repository} is larger than ${(mostBytes / 1e6).toLocaleString('en')} MB.`,
    "Raise 'limits.megabytes' in the SPEC.",
  );
}

interface Watched {
  readonly signal: AbortSignal;
  readonly minutes?: number;
  /** Folder that may hold no more than so many bytes while git runs. */
  readonly directory?: string;
  readonly mostBytes?: number;
}

const defaultMinutes = 2;
const lookEveryMs = 500;
const mostAnswerBytes = 200_000_000;

async function git(args: readonly string[], repository: string, watched: Watched): Promise<string> {
  const { signal, minutes = defaultMinutes, directory, mostBytes = Infinity } = watched;
  signal.throwIfAborted();
  const late = AbortSignal.timeout(minutes * 60_000);
  const child = spawn('git', [...safely, ...args], {
    ...{ env: environment(), stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true },
    ...{ signal: AbortSignal.any([signal, late]), killSignal: 'SIGKILL' },
  } as const);
  let [answer, complaint, isTooLarge] = ['', '', false];
  const refuse = (): void => {
    isTooLarge = true;
    child.kill('SIGKILL');
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
    if (answer.length > mostAnswerBytes) refuse();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-10_000)));
  let looking: Promise<void> | undefined;
  const look = setInterval(() => {
    if (directory === undefined) return;
    looking ??= folderBytes(directory).then((bytes) => {
      looking = undefined;
      if (bytes > mostBytes) refuse();
    });
  }, lookEveryMs);
  try {
    const code = await ended(child);
    if (code === 0) return answer;
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted)
      throw new TemporaryError(`git took longer than ${minutes} minutes with ${repository}.`, 'Try again.');
    throw new UserError(`git cannot be run: ${describeError(error)}.`, 'Install git.');
  } finally {
    clearInterval(look);
  }
  if (isTooLarge) throw tooLarge(repository, mostBytes);
  throw gitProblem(complaint, repository);
}

function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/** What git, curl, the TLS libraries and ssh say where a network or a server is to blame. */
const passing = new RegExp(
  [
    'could not resolve',
    'failure in name resolution',
    'no route to host',
    'unreachable',
    'timed out',
    'too slow',
    "could(n't| not) connect",
    '(failed|unable) to connect',
    'connection( was)? (refused|reset|closed|timed out)',
    'empty reply',
    'early eof',
    'unexpected eof',
    'hung up',
    'unexpected disconnect',
    'broken pipe',
    'transfer closed',
    'non-properly terminated',
    'the (pull|push) function',
    'gnutls (recv|send) error',
    'ssl_error_(syscall|zero_return)',
    'rpc failed',
    'not closed cleanly',
    'http[ /\\d.]* (5\\d\\d|429|408)',
    'error: (5\\d\\d|429|408)',
    'no space left',
  ].join('|'),
  'i',
);

/** What a server refuses it refuses again, whatever else is said of the connection. */
const refused = /error: 4(?!08|29)\d\d/i;

/** What git's complaint means: a TemporaryError where trying again may help. */
export function gitProblem(complaint: string, repository: string): UserError {
  const line = complaint.split('\n').find((candidate) => /^(fatal|error|remote|ERROR):/.test(candidate)) ?? complaint;
  const sentence = `${repository} cannot be checked out: ${line.trim().replace(/\.?$/, '.')}`;
  return passing.test(complaint) && !refused.test(complaint)
    ? new TemporaryError(sentence, 'Try again.')
    : new UserError(sentence, 'Check the address, the revision, and what whoever runs the job may read.');
}
