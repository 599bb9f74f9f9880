import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOut, gitProblem, resolveRevision } from '../../src/jobs/gitRemote';

const never = new AbortController().signal;
const limits = { megabytes: 10, minutes: 5 };
let directory: string;
let repository: string;
let commits: string[];

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-remote-'));
  repository = join(directory, 'origin');
  await mkdir(repository);
  git('init', '--quiet', '--initial-branch=main');
  commits = [];
  for (const content of ['first', 'second', 'third']) {
    await writeFile(join(repository, 'a.txt'), content);
    git('add', '.');
    git('commit', '--quiet', '-m', content);
    commits.push(git('rev-parse', 'HEAD').trim());
  }
  git('tag', '-a', 'v1', '-m', 'x', commits[1]!);
  git('branch', 'feature/main', commits[0]!);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a revision of a repository', () => {
  it.each([
    ['HEAD', 2],
    ['main', 2],
    ['refs/heads/main', 2],
    ['feature/main', 0],
    ['v1', 1],
  ] as const)('%s is the commit that it names', async (revision, index) => {
    expect(await resolveRevision(repository, revision, never)).toBe(commits[index]);
  });

  it('that is not there is told in a sentence', async () => {
    await expect(resolveRevision(repository, 'nothing', never)).rejects.toMatchObject({
      message: `${repository} has no branch or tag 'nothing'.`,
    });
    const gone = join(directory, 'gone');
    await expect(resolveRevision(gone, 'main', never)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(`^${gone} cannot be checked out: fatal: .*`) as string,
    });
  });
});

describe('checking out', () => {
  it.each([
    ['a tip', 2, 'third'],
    ['a commit behind one', 0, 'first'],
  ] as const)('%s brings its files', async (name, index, content) => {
    const target = join(directory, name);
    await checkOut(repository, commits[index]!, target, limits, never);
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe(content);
  });

  it('runs nothing that the repository or its server brings along', async () => {
    const hooks = join(repository, '.git/hooks');
    const proof = join(directory, 'ran');
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
      await writeFile(join(hooks, hook), `#!/bin/sh\ntouch '${proof}'\n`, { mode: 0o755 });
    }
    await writeFile(join(repository, '.gitattributes'), '* filter=lfs\n');
    git('add', '.');
    git('-c', `core.hooksPath=${directory}`, 'commit', '--quiet', '-m', 'filter');
    await rm(proof, { force: true });
    const target = join(directory, 'safe');
    await checkOut(repository, git('rev-parse', 'HEAD').trim(), target, limits, never);
    expect(await readdir(directory)).not.toContain('ran');
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('third');
  });

  it('of too much ends in a sentence', async () => {
    await writeFile(join(repository, 'large.txt'), 'x'.repeat(1_100_000));
    git('add', '.');
    git('commit', '--quiet', '-m', 'large');
    const small = { ...limits, megabytes: 1 };
    const commit = git('rev-parse', 'HEAD').trim();
    await expect(checkOut(repository, commit, join(directory, 'large'), small, never)).rejects.toMatchObject({
      message: `${repository} is larger than 1 MB.`,
    });
  });

  it('is given up when it is aborted', async () => {
    const target = join(directory, 'aborted');
    await expect(checkOut(repository, commits[0]!, target, limits, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('what git complains of', () => {
  it.each([
    ["unable to access 'http://h/x/': Failed to connect to h port 1 after 0 ms: Couldn't connect to server", true],
    ["unable to access 'http://h/x/': Failed to connect to h port 80: Connection refused", true],
    ["unable to access 'https://h/x/': Could not resolve host: h", true],
    ["unable to access 'https://h/x/': Could not resolve proxy: p", true],
    ["unable to access 'https://h/x/': Empty reply from server", true],
    ["unable to access 'https://h/x/': Recv failure: Connection was reset", true],
    ["unable to access 'https://h/x/': Operation too slow. Less than 1000 bytes/sec transferred", true],
    ["unable to access 'https://h/x/': The requested URL returned error: 429", true],
    ["unable to access 'https://h/x/': The requested URL returned error: 503", true],
    ["unable to access 'https://h/x/': The requested URL returned error: 403", false],
    ["unable to access 'https://h/x/': SSL certificate problem: self-signed certificate", false],
    [
      "unable to access 'https://h/x/': gnutls_handshake() failed: The TLS connection was non-properly terminated.",
      true,
    ],
    ["unable to access 'https://h/x/': gnutls_handshake() failed: Error in the pull function.", true],
    [
      "unable to access 'https://h/x/': GnuTLS recv error (-110): The TLS connection was non-properly terminated.",
      true,
    ],
    ["unable to access 'https://h/x/': OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to h:443", true],
    [
      "unable to access 'https://h/x/': OpenSSL SSL_read: error:0A000126:SSL routines::unexpected eof while reading",
      true,
    ],
    ['RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)', true],
    ['RPC failed; HTTP 429 curl 22 The requested URL returned error: 429', true],
    [
      'RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nfatal: the remote end hung up unexpectedly',
      false,
    ],
    ['fetch-pack: unexpected disconnect while reading sideband packet', true],
    ["repository 'https://h/x/' not found", false],
    ["could not read Username for 'https://h': terminal prompts disabled", false],
  ])('%s: passes by itself, %s', (line, isPassing) => {
    const problem = gitProblem(`fatal: ${line}\n`, 'https://h/x');
    expect('isTemporary' in problem).toBe(isPassing);
  });

  it('of a server that is down passes by itself', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(resolveRevision(`http://127.0.0.1:${port}/x`, 'main', never)).rejects.toMatchObject({
      isTemporary: true,
    });
  });
});
