import { resolve } from 'node:path';
import { silentLogger } from '../../src/core/logger';
import { createModelSlot, type LoadedModel } from '../../src/engine/model/engineModel';
import { createProviderTrials } from '../../src/engine/providers/providerTrials';

/** Loads a model onto the processor, and lets somebody work with it. */
export async function workOnProcessor(directory: string, work: (model: LoadedModel) => Promise<void>): Promise<void> {
  const isEnough = (): Promise<never> => Promise.reject(new Error('The processor is enough.'));
  const trials = createProviderTrials({ logger: silentLogger, folder: undefined, probe: isEnough, profile: isEnough });
  const slot = createModelSlot(silentLogger, trials, { changed: () => undefined, lost: () => undefined });
  await slot.load({ directory: resolve(directory), provider: 'cpu' });
  await slot.use(work);
}
