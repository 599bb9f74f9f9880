import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import { useModel } from '../../store/modelChoice';
import { listRuns, type StoredRun } from '../../store/runs';

/** The engine that loads what is chosen, and who is told of it. */
export interface ModelUsers {
  readonly engines: Pick<EngineHost, 'reload'>;
  /** Tells that runs have changed. */
  readonly changed: () => void;
}

/**
 * Puts a model of a folder into use, in this window too.
 * @throws UserError where there is no such model, it is damaged, or a training runs there
 */
export async function putIntoUse({ engines, changed }: ModelUsers, directory: string, id: string): Promise<void> {
  await useModel(directory, id);
  await engines.reload();
  changed();
}

/**
 * Puts the model that a run has left into use.
 * @throws UserError where the run is gone or no model of it is left, and as {@link putIntoUse}
 */
export async function useRun(users: ModelUsers, directory: string | undefined, id: string): Promise<void> {
  const { model, found } = await storedRun(directory, id);
  if (model === null) throw new UserError(l10n.t('No model of this training is left.'), l10n.t('Choose another one.'));
  await putIntoUse(users, found, model);
}

/** A run and the folder where it was found. @throws UserError where it is gone */
export async function storedRun(
  directory: string | undefined,
  id: string,
): Promise<Pick<StoredRun, 'model' | 'note'> & { readonly found: string }> {
  const run = directory === undefined ? undefined : (await listRuns(directory)).find((each) => each.id === id);
  if (directory === undefined || run === undefined)
    throw new UserError(l10n.t('This training is gone.'), l10n.t('Choose another one.'));
  return { model: run.model, note: run.note, found: directory };
}
