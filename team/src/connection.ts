import { Client, Connection } from '@temporalio/client';

/** Where the Temporal server is: the variables of its own command line. */
export const address = process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
export const namespace = process.env.TEMPORAL_NAMESPACE ?? 'default';

export async function connectClient(): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }), namespace });
}
