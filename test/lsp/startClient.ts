import { onTestFinished } from 'vitest';
import { cli } from '../cli/runCli';
import { startLanguageServer, type ClientOptions, type LanguageClient } from './languageClient';

/** On the CPU, without a trial of every provider. */
export const onCpu = { inference: { provider: 'cpu' } };

/** A client of the built server, which is ended with the test. */
export async function startClient(options: Omit<ClientOptions, 'cli'> = {}): Promise<LanguageClient> {
  const client = await startLanguageServer({ cli, settings: onCpu, ...options });
  onTestFinished(() => void client.child.kill('SIGKILL'));
  return client;
}
