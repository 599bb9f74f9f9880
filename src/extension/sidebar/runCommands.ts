import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import { useModel } from '../../store/modelChoice';
import { deleteRun } from '../../store/pruning';
import { listRuns, writeRunNote, type StoredRun } from '../../store/runs';

/** Where runs lie, and who is told when they have changed. */
export interface RunCommandContext {
  readonly directory: () => string | undefined;
  readonly engines: EngineHost;
  readonly changed: () => void;
}

/** Puts the model of a run into use. */
export async function useRun({ directory, engines, changed }: RunCommandContext, id: string): Promise<void> {
  const { model, found } = await runOf(directory, id);
  if (model === null) throw new UserError(l10n.t('No model of this training is left.'), l10n.t('Choose another one.'));
  await useModel(found, model);
  await engines.reload();
  changed();
}

/** Asks what a run shall be called. */
export async function renameRun({ directory, changed }: RunCommandContext, id: string): Promise<void> {
  const { note, found } = await runOf(directory, id);
  const title = l10n.t('Name of this training');
  const name = await vscode.window.showInputBox({ title, value: note.name });
  if (name === undefined) return;
  await writeRunNote(found, id, { ...note, name: name.trim().slice(0, 200) });
  changed();
}

/** Deletes a run and its models, after a question. */
export async function removeRun({ directory, changed }: RunCommandContext, id: string): Promise<void> {
  const { found } = await runOf(directory, id);
  const remove = l10n.t('Delete');
  const items = [
    { label: remove, description: l10n.t('It cannot be brought back.') },
    { label: l10n.t('Keep'), description: l10n.t('Nothing is changed.') },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: l10n.t('Delete this training?') });
  if (chosen?.label !== remove) return;
  await deleteRun(found, id);
  changed();
}

async function runOf(
  directory: () => string | undefined,
  id: string,
): Promise<Pick<StoredRun, 'model' | 'note'> & { readonly found: string }> {
  const found = directory();
  const run = found === undefined ? undefined : (await listRuns(found)).find((each) => each.id === id);
  if (found === undefined || run === undefined)
    throw new UserError(l10n.t('This training is gone.'), l10n.t('Choose another one.'));
  return { model: run.model, note: run.note, found };
}
