import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { endsWithParent } from './endsWithParent';
import { gitArguments, gitEnvironment } from './gitCommand';

/** What git wrote, or why it did not do what was asked. */
export type GitAnswer = { readonly ok: true; readonly output: Buffer } | { readonly ok: false; readonly why: string };

export interface GitQuestion {
  /** Written to its standard input. */
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long git may take. */
  readonly timeoutMs?: number;
}

/** A named pipe in the place of an ignore file, or a file system that is gone, would hold git for ever. */
const gitTimeoutMs = 30_000;

const maxOutputBytes = 512 * 1024 * 1024;

/**
 * Asks git about a folder, as `gitCommand` says, for a limited time and a limited answer.
 * @param directory absolute
 */
export async function askGit(
  directory: string,
  commands: readonly string[],
  { input, signal, timeoutMs = gitTimeoutMs }: GitQuestion = {},
): Promise<GitAnswer> {
  const [command, ...args] = await endsWithParent(['git', ...gitArguments(directory, commands)]);
  const options = {
    // Windows looks for programs in the current folder first: not in one that could bring its own git.exe.
    cwd: dirname(process.execPath),
    env: gitEnvironment(process.env),
    maxBuffer: maxOutputBytes,
    encoding: 'buffer',
    windowsHide: true,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(signal === undefined ? {} : { signal }),
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      process.off('exit', end);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (error === null) resolve({ ok: true, output: stdout });
      else if (error.killed === true) resolve({ ok: false, why: `git took longer than ${timeoutMs / 1000} s` });
      else resolve({ ok: false, why: firstLine(stderr.toString('utf8')) ?? error.message });
    });
    // One that ends before it has read its input says why.
    child.stdin?.on('error', () => undefined).end(input ?? '');
    const end = (): void => void child.kill('SIGKILL');
    process.on('exit', end);
  });
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}
