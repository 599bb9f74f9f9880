import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterAll } from 'vitest';

/** The built bundle. */
export const cli = join(import.meta.dirname, '../../dist/cli.js');
/** Empty: this checkout may hold a model, which a command would find where none is named. */
const startFolder = mkdtempSync(join(tmpdir(), 'recur-cli-'));
afterAll(() => rmSync(startFolder, { recursive: true, force: true }));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines. */
  readonly lines: Record<string, unknown>[];
}

/** A running command line, and its end. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
  /** Resolves when standard output holds the text. */
  until(text: string): Promise<void>;
}

/** Starts `recur` as a user would, with the built bundle. */
export function startCli(args: readonly string[], environment: Record<string, string> = {}): CliRun {
  return watch(spawnCli(args, 'ignore', environment));
}

/** Runs `recur` to its end, with a text on standard input. */
export function runCliWith(input: string, ...args: string[]): Promise<CliResult> {
  const run = watch(spawnCli(args, 'pipe', {}));
  run.child.stdin!.end(input);
  return run.result;
}

/** Starts `recur` as the head of a process group, as a shell does: `process.kill(-pid, signal)` reaches its children too. */
export function startCliGroup(args: readonly string[]): CliRun {
  return watch(spawnCli(args, 'ignore', {}, true));
}

function spawnCli(
  args: readonly string[],
  stdin: 'ignore' | 'pipe',
  environment: Record<string, string>,
  detached = false,
) {
  return spawn(process.execPath, [cli, ...args], {
    cwd: startFolder,
    detached,
    stdio: [stdin, 'pipe', 'pipe'],
    // What is found out about this machine stays with the test.
    env: { ...process.env, RECUR_MACHINE_FOLDER: join(startFolder, 'machine'), ...environment },
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
}

function watch(child: ChildProcessByStdio<Writable | null, Readable, Readable>): CliRun {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const result = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stdout,
    stderr,
    get lines() {
      return stdout
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  }));
  const closed = once(child, 'close');
  const until = async (text: string): Promise<void> => {
    while (!stdout.includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended before it said '${text}': ${stdout}${stderr}`);
      await Promise.race([once(child.stdout, 'data'), closed]);
    }
  };
  return { child, result, until };
}

/** Runs `recur` to its end. */
export function runCli(...args: string[]): Promise<CliResult> {
  return startCli(args).result;
}
