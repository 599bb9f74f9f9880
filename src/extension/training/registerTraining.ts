import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { commands } from '../editor/commands';
import { deleteModel } from './deleteModel';
import { settingReader } from '../editor/editorSettings';
import type { EngineHost } from '../../editors/engineHost';
import { inform, report } from '../editor/notices';
import type { RecurWindow } from '../editor/recurWindow';
import { readSetting } from '../../editors/settings';
import { train } from './trainCommand';
import { createTrainingHost } from '../../editors/trainingHost';
import { useAnotherModel } from './useModel';

/** Trainings of this window, and the models that they leave. */
export function registerTraining(window: RecurWindow, engines: EngineHost): void {
  const { context, log, run, runsChanged, keep, command } = window;
  const entry = context.asAbsolutePath('dist/trainer.js');
  const trainings = createTrainingHost({ entry, logger: log, run, exported: () => void engines.reload() });
  const changed = () => runsChanged.fire(undefined);
  const parts = { context, log, run, engines, trainings, changed };

  /** A training that runs goes on with the threads that the settings now name. */
  function changeThreads(): void {
    try {
      trainings.setThreads(readSetting(settingReader(), 'training.threads'));
    } catch (error) {
      report(error, log);
    }
  }

  keep(
    trainings,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('recur.training.threads')) changeThreads();
    }),
  );
  command(commands.train, () => train(parts, false));
  command(commands.continueTraining, () => train(parts, true));
  command(commands.stopTraining, () => (trainings.stop() ? undefined : inform(l10n.t('No training is running.'))));
  command(commands.useModel, () => useAnotherModel(parts));
  command(commands.deleteModel, () => deleteModel(parts));
}
