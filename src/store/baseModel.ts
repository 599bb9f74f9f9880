import { join } from 'node:path';
import { exists } from './atomicFile';

/**
 * The model of public code that comes with Recur, an export: completions use it where nothing is trained yet, and a training
 * starts from it (docs/base-model.md).
 * @param bundles the folder of the bundles, absolute
 */
export function baseModelDirectory(bundles: string): string {
  return join(bundles, '..', 'media', 'base');
}

/** The folder of the base model, as {@link baseModelDirectory}; undefined where this build comes without one. */
export async function findBaseModel(bundles: string): Promise<string | undefined> {
  const directory = baseModelDirectory(bundles);
  return (await exists(join(directory, 'manifest.json'))) ? directory : undefined;
}
