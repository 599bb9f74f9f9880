import { join } from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import type { Logger } from '../core/logger';
import { UserError } from '../core/errors';
import { createRunState, isRunning, type RunState } from '../editors/runState';
import { readSetting } from '../editors/settings';
import { createTrainingHost, sentenceOf } from '../editors/trainingHost';
import { percentOf, progressLine } from '../editors/trainingProgress';
import { trainRequestOf } from '../editors/trainRequest';
import type { TrainRequest } from '../protocol/trainer';
import type { ClientSettings } from './clientSettings';
import { withProgress, type ShownProgress } from './clientProgress';
import type { ModelFolder } from './modelFolder';
import { inform, report } from './clientMessages';
import { newEmitter } from './serverEngine';
import type { ClientWorkspace } from './workspace';

/** The trainings of this session, one at a time. */
export interface ServerTrainings {
  readonly run: RunState;
  /**
   * Begins to train on the open folders by the settings; how it ends is told to the user.
   * @param resume goes on with the last training
   * @throws UserError where that cannot be begun
   */
  begin(resume: boolean): Promise<void>;
  /** Ends the training soon, its best model kept; false where none runs. */
  stop(): boolean;
  /** A training that runs goes on with the threads that the settings now name. */
  settingsChanged(): void;
  dispose(): void;
}

export interface TrainingParts {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly settings: ClientSettings;
  readonly workspace: ClientWorkspace;
  readonly models: ModelFolder;
  /** The folder of the bundles, absolute. */
  readonly bundles: string;
  /** A better model lies in the folder. */
  readonly exported: () => void;
}

export function createServerTrainings(parts: TrainingParts): ServerTrainings {
  const { connection, logger, settings, workspace, models, bundles, exported } = parts;
  const run = createRunState(newEmitter);
  const host = createTrainingHost({ entry: join(bundles, 'trainer.js'), logger, run, exported });

  async function train(request: TrainRequest): Promise<void> {
    const options = { title: 'Recur: training', cancel: () => void host.stop() };
    try {
      const result = await withProgress(connection, options, (progress) => {
        const subscription = showRun(run, progress);
        return host.train(request).finally(() => subscription.dispose());
      });
      logger.info(sentenceOf(result));
      inform(connection, sentenceOf(result));
    } catch (error) {
      report(connection, error);
    }
  }

  return {
    run,
    async begin(resume) {
      await settings.known;
      const asked = { folders: workspace.folders, out: models.directory(), excludedElsewhere: [], bundles, resume };
      const request = trainRequestOf(settings.read, asked);
      await models.prepare();
      if (isRunning(run.state)) throw new UserError('A training runs already.', 'Stop it first, or wait for its end.');
      void train(request);
    },
    stop: () => host.stop(),
    settingsChanged: () => host.setThreads(readSetting(settings.read, 'training.threads')),
    dispose: () => host.dispose(),
  };
}

function showRun(run: RunState, progress: ShownProgress): { dispose(): void } {
  let percent = 0;
  return run.onDidChange((message) => {
    // How it ended is said by a notice of its own.
    if (!isRunning(run.state)) return;
    percent = Math.max(percent, percentOf(message, run.state));
    progress.report(progressLine(run.state), percent);
  });
}
