import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { cli } from '../cli/runCli';
import { onCpu, startLanguageServer, type ClientOptions, type LanguageClient } from './languageClient';

/** A client of the built server, which is ended with the test. */
export async function startClient(options: Omit<ClientOptions, 'cli'> = {}): Promise<LanguageClient> {
  const client = await startLanguageServer({ cli, settings: onCpu, ...options });
  onTestFinished(() => void client.child.kill('SIGKILL'));
  return client;
}

/** The processes that a server has started. */
export function startedBy({ child }: LanguageClient): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.filter(([, parent]) => parent === child.pid).map(([pid]) => pid!);
}
