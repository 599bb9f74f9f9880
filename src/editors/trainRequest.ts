import * as l10n from '@vscode/l10n';
import type { AskedTraining } from '../core/configuration';
import { UserError } from '../core/errors';
import type { TrainingSource, TrainRequest } from '../protocol/trainer';
import { trainingSource } from '../protocol/trainingSource';
import type { WorkspaceFolder } from '../text/document';
import { readTrainingSettings, type SettingReader } from './settings';

/** What a training of a workspace is made of, beside its settings. */
export interface WorkspaceTraining {
  readonly folders: readonly WorkspaceFolder[];
  /** Where the model goes; undefined where no folder is open. */
  readonly out: string | undefined;
  /** Globs of other settings that leave files out. */
  readonly excludedElsewhere: readonly string[];
  /** The folder of the bundles, absolute. */
  readonly bundles: string;
  /** Goes on with the last training. */
  readonly resume: boolean;
}

/**
 * The training that the settings ask for.
 * @throws UserError where no folder is open, or a setting is out of its limits
 */
export function trainRequestOf(reader: SettingReader, workspace: WorkspaceTraining): TrainRequest {
  const { folders, out, excludedElsewhere, bundles, resume } = workspace;
  if (folders.length === 0 || out === undefined) {
    throw new UserError(l10n.t('No folder is open.'), l10n.t('Open the folder whose code the model shall learn.'));
  }
  const { training, corpus, from, keepModels, pauseOnBattery } = readTrainingSettings(reader);
  const source = trainingSource(from, bundles, { base: shapeOf(training.model), named: {} });
  const exclude = [...corpus.exclude, ...excludedElsewhere];
  return { folders, out, corpus: { ...corpus, exclude }, training, resume, from: source, keepModels, pauseOnBattery };
}

/** What the settings ask of the base model. */
function shapeOf({ cell, hidden, layers, embedding }: AskedTraining['model']): TrainingSource['shape'] {
  return { cell, embedding, ...(hidden === null ? {} : { hidden }), ...(layers === null ? {} : { layers }) };
}
