import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { listIdentifiers, paths } from '../../store/modelDirectory';
import { deleteModels } from '../../store/pruning';
import type { EngineHost } from '../../editors/engineHost';
import { modelDirectory } from '../editor/currentModel';
import { inform, report } from '../editor/notices';
import { isRunning, type RunState } from '../../editors/runState';

export interface DeletionContext {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engines: EngineHost;
  readonly run: RunState;
  /** Tells that runs have changed. */
  readonly changed: () => void;
}

/** Deletes the models and runs of this workspace, after a question that blocks nothing. */
export async function deleteModel({ context, log, engines, run, changed }: DeletionContext): Promise<void> {
  try {
    const directory = modelDirectory(context);
    const models = directory === undefined ? [] : await listIdentifiers(paths.models(directory));
    if (isRunning(run.state)) {
      inform(l10n.t('A training is running. Stop it before you delete its model.'));
      return;
    }
    if (directory === undefined || models.length === 0) {
      inform(l10n.t('There is no model to delete.'));
      return;
    }
    if (!(await isConfirmed(models.length))) return;
    await engines.unload();
    try {
      await deleteModels(directory);
    } finally {
      await engines.reload();
    }
    run.forget();
    changed();
    log.info(`${models.length} models were deleted from ${directory}.`);
    inform(l10n.t('The model of this workspace was deleted.'));
  } catch (error) {
    report(error, log);
  }
}

async function isConfirmed(models: number): Promise<boolean> {
  const remove = l10n.t('Delete');
  const detail = models === 1 ? l10n.t('One model and its run') : l10n.t`${models} models and their runs`;
  const choice = await vscode.window.showQuickPick(
    [
      { label: remove, description: l10n.t`${detail}. They cannot be brought back.` },
      { label: l10n.t('Keep'), description: l10n.t('Nothing is changed.') },
    ],
    { title: l10n.t('Delete the model of this workspace?'), ignoreFocusOut: true },
  );
  return choice?.label === remove;
}
