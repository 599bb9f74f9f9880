import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../editor/commands';
import { modelDirectory, newestRun } from '../editor/currentModel';
import { newEmitter } from '../editor/newEmitter';
import { report } from '../editor/notices';
import type { EngineHost } from '../../editors/engineHost';
import { createHistoryReplay } from '../../editors/historyReplay';
import type { ToPanel } from '../../protocol/panel';
import { createPanelAnswers } from './panelAnswers';
import { createPanelHost } from './panelHost';
import type { RecurWindow } from '../editor/recurWindow';

/** The tab with the curves of the running or the last training. */
export function registerPanel(
  { context, log, run, runsChanged, keep, command }: RecurWindow,
  engines: EngineHost,
): void {
  async function restoreRun(): Promise<void> {
    const directory = modelDirectory(context);
    const newest = directory === undefined ? undefined : await newestRun(directory);
    if (newest !== undefined)
      run.restore(newest.run, newest.measurements, l10n.t('The last training of this workspace.'));
  }
  const restore = () => restoreRun().catch((error: unknown) => report(error, log));
  const directory = () => modelDirectory(context);
  const tellOfRuns = () => runsChanged.fire(undefined);
  const { extensionUri } = context;
  const entry = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  const replays = createHistoryReplay({ entry, logger: log, newEmitter });
  const answers = (post: (message: ToPanel) => void) =>
    createPanelAnswers({ engines, directory, post, replays, runsChanged: tellOfRuns });
  const panel = createPanelHost({ extensionUri, log, run, onDidChangeRuns: runsChanged.event, restore, answers });
  keep(panel, replays);
  command(commands.showPanel, () => panel.show());
}
