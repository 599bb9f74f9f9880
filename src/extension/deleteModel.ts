import * as vscode from 'vscode';
import { deleteModels, listIdentifiers, paths } from '../protocol/modelDirectory';
import type { EngineHost } from './engineHost';
import { modelDirectory } from './modelFolder';
import { inform, report } from './notices';
import { emptyPanelState } from '../protocol/panelState';
import type { RunState } from './runState';
import { isRunning } from './statusText';

export interface DeletionContext {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engines: EngineHost;
  readonly run: RunState;
}

/** Deletes the models and runs of this workspace, after a question that blocks nothing. */
export async function deleteModel({ context, log, engines, run }: DeletionContext): Promise<void> {
  try {
    const directory = modelDirectory(context);
    const models = directory === undefined ? [] : await listIdentifiers(paths.models(directory));
    if (isRunning(run.state)) {
      inform('A training is running. Stop it before you delete its model.');
      return;
    }
    if (directory === undefined || models.length === 0) {
      inform('There is no model to delete.');
      return;
    }
    if (!(await isConfirmed(models.length))) return;
    await engines.unload();
    await deleteModels(directory);
    await engines.reload();
    run.update(emptyPanelState);
    log.info(`${models.length} models were deleted from ${directory}.`);
    inform('The model of this workspace was deleted.');
  } catch (error) {
    report(error, log);
  }
}

async function isConfirmed(models: number): Promise<boolean> {
  const remove = 'Delete';
  const detail = models === 1 ? 'One model and its run' : `${models} models and their runs`;
  const choice = await vscode.window.showQuickPick(
    [
      { label: remove, description: `${detail}. They cannot be brought back.` },
      { label: 'Keep', description: 'Nothing is changed.' },
    ],
    { title: 'Delete the model of this workspace?', ignoreFocusOut: true },
  );
  return choice?.label === remove;
}
