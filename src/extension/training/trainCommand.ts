import * as vscode from 'vscode';
import type { TrainRequest } from '../../protocol/trainer';
import { filesExcludedByEditor, settingReader, workspaceFolders } from '../editor/editorSettings';
import { modelDirectory } from '../editor/currentModel';
import { inform, openSettingsAction, report, showPanelAction } from '../editor/notices';
import { isRunning, type RunState } from '../../editors/runState';
import { sentenceOf, type TrainingHost } from '../../editors/trainingHost';
import { percentOf, progressLine } from '../../editors/trainingProgress';
import { trainRequestOf } from '../../editors/trainRequest';

export interface TrainCommandContext {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly trainings: TrainingHost;
  readonly run: RunState;
}

/** Trains on the open folders; resolves when the training has ended. */
export async function train(parts: TrainCommandContext, resume: boolean): Promise<void> {
  const { log, trainings } = parts;
  let request: TrainRequest;
  try {
    request = prepare(parts.context, resume);
  } catch (error) {
    report(error, log, openSettingsAction());
    return;
  }
  try {
    const result = await withNotification(parts, () => trainings.train(request));
    log.info(sentenceOf(result));
    inform(sentenceOf(result), showPanelAction());
  } catch (error) {
    report(error, log);
  }
}

function prepare(context: vscode.ExtensionContext, resume: boolean): TrainRequest {
  return trainRequestOf(settingReader(), {
    folders: workspaceFolders(),
    out: modelDirectory(context),
    excludedElsewhere: filesExcludedByEditor(),
    bundles: context.asAbsolutePath('dist'),
    resume,
  });
}

/** Shows a notification with a cancel button while a training runs. */
function withNotification<T>({ trainings, run }: TrainCommandContext, work: () => Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return Promise.resolve(
    vscode.window.withProgress({ location, title: 'Recur', cancellable: true }, async (progress, token) => {
      let shown = 0;
      const subscriptions = [
        token.onCancellationRequested(() => trainings.stop()),
        run.onDidChange((message) => {
          // How it ended is said by a notice of its own.
          if (!isRunning(run.state)) return;
          const increment = Math.max(0, percentOf(message, run.state) - shown);
          shown += increment;
          progress.report({ message: progressLine(run.state), increment });
        }),
      ];
      try {
        return await work();
      } finally {
        for (const subscription of subscriptions) subscription.dispose();
      }
    }),
  );
}
