import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { deleteRun } from '../../store/pruning';
import { writeRunNote } from '../../store/runs';
import { storedRun } from '../editor/modelUse';

/** Where runs lie, and who is told when they have changed. */
export interface RunCommandContext {
  readonly directory: () => string | undefined;
  readonly changed: () => void;
}

/** Asks what a run shall be called. */
export async function renameRun({ directory, changed }: RunCommandContext, id: string): Promise<void> {
  const { note, found } = await storedRun(directory(), id);
  const title = l10n.t('Name of this training');
  const name = await vscode.window.showInputBox({ title, value: note.name });
  if (name === undefined) return;
  await writeRunNote(found, id, { ...note, name: name.trim().slice(0, 200) });
  changed();
}

/** Deletes a run and its models, after a question. */
export async function removeRun({ directory, changed }: RunCommandContext, id: string): Promise<void> {
  const { found } = await storedRun(directory(), id);
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
