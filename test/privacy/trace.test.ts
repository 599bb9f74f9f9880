import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programsOf, readTrace, staysHere, traced } from '../../scripts/privacy/trace.mjs';
import { needsTracer } from './needsTracer';

const folder = mkdtempSync(join(tmpdir(), 'recur-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what strace writes', () => {
  const [node, git] = programsOf(
    new Map([
      [
        10,
        [
          'execve("/usr/bin/node", ["node", "cli.js", "train"], 0x7ffd /* 27 vars */) = 0',
          'openat(AT_FDCWD</home/me>, "code/a.ts", O_RDONLY|O_CLOEXEC) = 17</home/me/code/a.ts>',
          'openat(AT_FDCWD</home/me>, "/out/x", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 18</out/x>',
          'rename("/out/x", "/out/y")              = 0',
          'clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 12',
          'clone3({flags=CLONE_VM|CLONE_THREAD, child_tid=0x7f, parent_tid=0x7f}, 88 => {parent_tid=[11]}, 88) = 11',
        ].join('\n'),
      ],
      [11, 'mkdir("/out/z", 0777)                   = -1 EEXIST (File exists)'],
      [
        12,
        [
          'openat(AT_FDCWD</home/me>, "/dev/null", O_RDWR) = 3</dev/null>',
          'execve("/usr/local/bin/git", ["git", "ls-files"], 0x7ffd /* 3 vars */) = -1 ENOENT (No such file or directory)',
          'execve("/usr/bin/git", ["git", "ls-files"], 0x7ffd /* 3 vars */) = 0',
          'connect(5<socket:[99]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = -1 ENETUNREACH (Network is unreachable)',
          'io_uring_setup(64, {flags=0}) = 7',
        ].join('\n'),
      ],
    ]),
  );

  it('is told apart by program, threads with the program that they belong to', () => {
    expect(node).toMatchObject({ command: ['node', 'cli.js', 'train'], internet: [], unseen: false });
    expect(node!.read).toEqual(['/home/me/code/a.ts']);
    expect(node!.written.toSorted()).toEqual(['/dev/null', '/out/x', '/out/x', '/out/y', '/out/z']);
  });

  it('tells of addresses that were tried, and of what it cannot see', () => {
    expect(git).toMatchObject({ command: ['git', 'ls-files'], unseen: true });
    expect(git!.internet).toHaveLength(1);
    expect(staysHere(git!.internet[0]!)).toBe(false);
  });

  it.each([
    ['connect(5<s>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0', true],
    ['connect(5<s>, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0', true],
    ['sendto(5<s>, "x", 1, 0, {sa_family=AF_INET, sin_addr=inet_addr("192.0.2.1")}, 16) = 1', false],
    ['connect(5<s>, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = 0', false],
    ['connect(5<s>, {sa_family=AF_INET, sin_addr=inet_addr("10.127.0.1")}, 16) = 0', false],
  ])('knows whether %s stays on the machine: %s', (call, stays) => {
    expect(staysHere(call)).toBe(stays);
  });
});

it('catches a program that reaches out, in a child and on a thread too', ({ skip }) => {
  needsTracer(skip);
  const reach = `require('node:net').connect(80, '192.0.2.1').on('error', () => 0).setTimeout(1, function () { this.destroy() })`;
  const thread = `new (require('node:worker_threads').Worker)(${JSON.stringify(reach)}, { eval: true })`;
  const script = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(reach)}]); ${thread}`;
  const [command = '', ...args] = traced([process.execPath, '-e', script], folder);
  spawnSync(command, args);
  const programs = readTrace(folder);
  expect(programs).toHaveLength(2);
  for (const { internet } of programs) expect(internet.filter((call) => !staysHere(call))).toHaveLength(1);
});
