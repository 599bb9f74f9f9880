import * as l10n from '@vscode/l10n';
import type { ModelConfiguration } from '../core/configuration';
import { describeError, isUserError, UserError } from '../core/errors';
import { readModel } from '../store/modelDirectory';
import type { TrainingSource } from '../protocol/trainer';
import type { SourceModel } from '../training/state/initialWeights';
import { sourceOf } from './modelInUse';

/**
 * The model that a training starts from, read from its export: that is what teams share.
 * @param tell told why one that is not required cannot be had
 * @returns null where it cannot be had and is not required
 * @throws UserError where one that is required is missing, damaged, or its shape is not what was asked for
 */
export async function readSourceModel(
  source: TrainingSource,
  tell: (reason: string) => void,
): Promise<SourceModel | null> {
  try {
    return await readRequired(source);
  } catch (error) {
    if (source.isRequired || !isUserError(error)) throw error;
    tell(`The training starts from random weights. ${error.message}`);
    return null;
  }
}

async function readRequired({ directory, shape }: TrainingSource): Promise<SourceModel> {
  const model = await readModel(directory);
  requireShape(model.manifest.model, shape);
  try {
    return sourceOf(model);
  } catch (error) {
    throw new UserError(
      l10n.t`Training cannot start from the model in ${directory}: ${describeError(error)}`,
      l10n.t('Name another one, or train without one.'),
    );
  }
}

function requireShape(model: ModelConfiguration, asked: Partial<ModelConfiguration>): void {
  for (const name of ['cell', 'hidden', 'layers', 'embedding'] as const) {
    const [has, wanted] = [model[name], asked[name]];
    if (wanted === undefined || wanted === has) continue;
    throw new UserError(
      l10n.t`The model to start from has ${name} ${has}, not ${wanted}.`,
      l10n.t`Leave ${name} out, or start from another model.`,
    );
  }
}
