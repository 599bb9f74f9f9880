import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { formatPerplexity } from '../../core/formatting';
import { listModels, type ListedModel } from '../../store/modelChoice';
import { putIntoUse, type ModelUsers } from '../editor/modelUse';
import { modelDirectory } from '../editor/currentModel';
import { inform, report } from '../editor/notices';

export interface ModelChoiceContext extends ModelUsers {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
}

/** Lets the user go back to another model of this workspace. */
export async function useAnotherModel({ context, log, ...users }: ModelChoiceContext): Promise<void> {
  try {
    const directory = modelDirectory(context);
    const models = directory === undefined ? [] : await listModels(directory);
    if (directory === undefined || models.length === 0) {
      inform(l10n.t('There is no model to use.'));
      return;
    }
    const chosen = await vscode.window.showQuickPick(models.map(itemOf), {
      title: l10n.t('Which model shall be in use?'),
      ignoreFocusOut: true,
    });
    if (chosen === undefined || chosen.inUse) return;
    await putIntoUse(users, directory, chosen.id);
    inform(l10n.t`The model ${chosen.id} is in use.`);
  } catch (error) {
    report(error, log);
  }
}

function itemOf({ id, createdAt, step, validation, model, inUse }: ListedModel) {
  const quality =
    validation === null ? l10n.t('not measured') : l10n.t`perplexity ${formatPerplexity(validation.perplexity)}`;
  return {
    ...{ id, inUse },
    label: new Date(createdAt).toLocaleString(vscode.env.language),
    description: inUse ? l10n.t`${quality}, in use` : quality,
    detail: l10n.t`${step.toLocaleString('en')} steps, ${model.cell}, ${model.layers} × ${model.hidden} hidden units`,
  };
}
