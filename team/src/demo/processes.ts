import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

/** A server or worker that runs beside this process, and ends with it. */
export interface Running {
  readonly child: ChildProcess;
  /** Ends it: asked first, killed where it does not listen. */
  stop(): Promise<void>;
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>;
}

const graceMs = 10_000;

/** Starts a program with its output in a file. */
export function startProgram(
  command: string,
  args: readonly string[],
  { log, env = {} }: { readonly log: string; readonly env?: Readonly<Record<string, string>> },
): Running {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file);
  child.stderr.pipe(file, { end: false });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const end = async (how: () => void): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    how();
    await ended;
  };
  return {
    child,
    kill: () => end(kill),
    stop: () =>
      end(() => {
        child.kill('SIGTERM');
        const timer = setTimeout(kill, graceMs);
        child.once('exit', () => clearTimeout(timer));
      }),
  };
}

/** Ports of the loopback address that nobody listens at now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

const lookMs = 250;

/** Tries until it succeeds. @throws Error when the program has ended before */
export async function untilReady<Result>(
  what: string,
  running: Running,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${what} has ended; its log tells why.`);
    try {
      return await attempt();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}
