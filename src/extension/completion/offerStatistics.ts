import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  completionStatisticsSchema,
  noStatistics,
  type CompletionStatistics,
} from '../../protocol/completionStatistics';
import { completionAcceptedCommand } from '../editor/commands';
import { editsOf } from './documentEdits';
import type { OfferTracker } from '../../editors/offerTracker';
import type { RunState } from '../../editors/runState';

/** Key in the workspace's storage of the editor, which replaces values as a whole. */
const statisticsKey = 'completionStatistics';
/** Every keystroke may change a figure; panel and storage need not follow each. */
const intervalMs = 2_000;

/** The statistics of this workspace so far. */
export function keptStatistics(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): CompletionStatistics {
  const kept = context.workspaceState.get<unknown>(statisticsKey);
  const result = v.safeParse(completionStatisticsSchema, kept ?? noStatistics);
  if (!result.success) log.warn('The completion statistics could not be read; they begin anew.');
  return result.success ? result.output : noStatistics;
}

/** Tells the tracker what happens in the editor, and panel and storage what it makes of it. */
export function watchOffers(
  context: vscode.ExtensionContext,
  offers: OfferTracker,
  run: RunState,
  log: vscode.LogOutputChannel,
): { dispose(): unknown }[] {
  let timer: NodeJS.Timeout | undefined;

  function keep(): void {
    clearTimeout(timer);
    timer = undefined;
    context.workspaceState
      .update(statisticsKey, offers.statistics)
      .then(undefined, (error: unknown) => log.warn(`The completion statistics were not kept: ${String(error)}`));
  }

  function tellPanel(): void {
    if (offers.statistics.offered > 0) run.tell({ type: 'completions', completions: offers.summary });
  }

  tellPanel();
  return [
    offers.onDidChange(() => {
      timer ??= setTimeout(() => {
        keep();
        tellPanel();
      }, intervalMs);
    }),
    vscode.commands.registerCommand(completionAcceptedCommand, (number: unknown) => {
      if (typeof number === 'number') offers.acceptedByCommand(number);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      offers.edited(document.uri.toString(), editsOf(contentChanges));
    }),
    new vscode.Disposable(() => {
      if (timer !== undefined) keep();
    }),
  ];
}
