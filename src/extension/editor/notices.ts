import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { describeError, isUserError } from '../../core/errors';
import { harmlessText } from '../../core/harmlessText';
import { commands, openSettings } from './commands';

/** Something that a notice offers to do. */
export interface NoticeAction {
  readonly title: string;
  readonly command: string;
  readonly argument?: string;
}

export const showPanelAction = (): NoticeAction => ({
  title: l10n.t('Show perplexity panel'),
  command: commands.showPanel,
});
export const showLogAction = (): NoticeAction => ({ title: l10n.t('Show log'), command: commands.showLog });
export const openSettingsAction = (): NoticeAction => ({
  title: l10n.t('Open settings'),
  command: openSettings,
  argument: 'recur',
});

/** Shows a notice without waiting for an answer: no command of ours stays open because nobody answers. */
export function inform(message: string, ...actions: readonly NoticeAction[]): void {
  offer(vscode.window.showInformationMessage(harmlessText(message), ...titles(actions)), actions);
}

export function warn(message: string, ...actions: readonly NoticeAction[]): void {
  offer(vscode.window.showWarningMessage(harmlessText(message), ...titles(actions)), actions);
}

/** Says what the user must act on; of our own defects one sentence, and the stack in the log. */
export function report(error: unknown, log: vscode.LogOutputChannel, ...actions: readonly NoticeAction[]): void {
  const offered = actions.length > 0 ? actions : [showLogAction()];
  if (isUserError(error)) {
    log.warn(describeError(error));
    warn(describeError(error), ...offered);
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  const message = l10n.t`Recur has failed: ${describeError(error)}`;
  offer(vscode.window.showErrorMessage(harmlessText(message), ...titles(offered)), offered);
}

function titles(actions: readonly NoticeAction[]): string[] {
  return actions.map(({ title }) => title);
}

function offer(chosen: Thenable<string | undefined>, actions: readonly NoticeAction[]): void {
  void chosen.then((title) => {
    const action = actions.find((each) => each.title === title);
    if (action !== undefined) void vscode.commands.executeCommand(action.command, action.argument);
  });
}
