import * as l10n from '@vscode/l10n';
import { UserError } from '../core/errors';
import type { Manifest } from './files';
import { listIdentifiers, modelToLoad, paths, readManifest, readModel, setCurrent } from './modelDirectory';
import { withLock } from './modelLock';

/** A model of a directory, as it is offered for use. */
export interface ListedModel extends Pick<Manifest, 'id' | 'createdAt' | 'model' | 'step' | 'validation'> {
  readonly inUse: boolean;
}

/** The models of a directory, the newest first; what is damaged or newer than this version is left out. */
export async function listModels(directory: string): Promise<ListedModel[]> {
  const inUse = await modelToLoad(directory).catch(() => undefined);
  const ids = await listIdentifiers(paths.models(directory));
  const manifests = await Promise.all(ids.map((id) => readManifest(paths.model(directory, id)).catch(() => undefined)));
  const listed = manifests.flatMap((manifest) => {
    if (manifest === undefined) return [];
    const { id, createdAt, model, step, validation } = manifest;
    return [{ id, createdAt, model, step, validation, inUse: id === inUse }];
  });
  return listed.reverse();
}

/**
 * Puts another model of a directory into use.
 * @throws UserError where there is no such model, it is damaged, or a training runs in the directory
 */
export async function useModel(directory: string, id: string): Promise<void> {
  const ids = await listIdentifiers(paths.models(directory));
  if (!ids.includes(id)) {
    throw new UserError(l10n.t`There is no model ${id} in ${directory}.`, l10n.t('Name one of those that are there.'));
  }
  await withLock(directory, 'choosing', async () => {
    await readModel(paths.model(directory, id));
    await setCurrent(directory, id);
  });
}
