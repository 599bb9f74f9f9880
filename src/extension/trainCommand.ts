import * as vscode from 'vscode';
import { UserError } from '../core/errors';
import { formatDuration, formatPerplexity } from '../core/formatting';
import type { ToPanel } from '../protocol/panel';
import type { TrainRequest } from '../protocol/trainer';
import { filesExcludedByEditor, settingReader, workspaceFolders } from './editorSettings';
import { modelDirectory } from './modelFolder';
import { inform, openSettingsAction, report, showPanelAction } from './notices';
import type { RunState } from './runState';
import { readTrainingSettings } from './settings';
import { isRunning } from './statusText';
import { sentenceOf, type TrainingHost } from './trainingHost';

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
    report(error, log, openSettingsAction);
    return;
  }
  try {
    const result = await withNotification(parts, () => trainings.train(request));
    log.info(sentenceOf(result));
    inform(sentenceOf(result), showPanelAction);
  } catch (error) {
    report(error, log);
  }
}

function prepare(context: vscode.ExtensionContext, resume: boolean): TrainRequest {
  const folders = workspaceFolders();
  const out = modelDirectory(context);
  if (folders.length === 0 || out === undefined) {
    throw new UserError('No folder is open.', 'Open the folder whose code the model shall learn.');
  }
  const { training, corpus, from, keepModels, pauseOnBattery } = readTrainingSettings(settingReader());
  const source = from === '' ? null : { directory: from, shape: {} };
  const exclude = [...corpus.exclude, ...filesExcludedByEditor()];
  return { folders, out, corpus: { ...corpus, exclude }, training, resume, from: source, keepModels, pauseOnBattery };
}

/** Shows a notification with a cancel button while a training runs. */
function withNotification<T>({ trainings, run }: TrainCommandContext, work: () => Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return Promise.resolve(
    vscode.window.withProgress({ location, title: 'Recur', cancellable: true }, async (progress, token) => {
      let shown = 0;
      const subscriptions = [
        token.onCancellationRequested(() => trainings.stop()),
        run.changed.listen((message) => {
          // How it ended is said by a notice of its own.
          if (!isRunning(run.state)) return;
          const increment = Math.max(0, percentOf(message) - shown);
          shown += increment;
          progress.report({ message: progressLine(run), increment });
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

/** Share of the time that is over; 0 where the end is not known. */
function percentOf(message: ToPanel): number {
  if (message.type !== 'progress' || message.secondsLeft === null) return 0;
  const { seconds } = message.measurement;
  return (100 * seconds) / Math.max(1e-3, seconds + message.secondsLeft);
}

function progressLine({ state }: RunState): string {
  const perplexity = state.validation.at(-1)?.perplexity;
  return [
    state.message,
    ...(perplexity === undefined ? [] : [`perplexity ${formatPerplexity(perplexity)}`]),
    ...(state.secondsLeft === null ? [] : [`${formatDuration(state.secondsLeft)} left`]),
  ].join(' · ');
}
