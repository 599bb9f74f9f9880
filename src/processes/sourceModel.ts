import type { ModelConfiguration } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import { createVocabulary } from '../core/vocabulary';
import { importModel } from '../onnx/importModel';
import { graphName, readModel } from '../protocol/modelDirectory';
import type { TrainRequest } from '../protocol/trainer';
import type { SourceModel } from '../training/initialWeights';

/**
 * The model that a training starts from, read from its export: that is what teams share.
 * @throws UserError where there is none, it is damaged, or its shape is not what was asked for
 */
export async function readSourceModel({ directory, shape }: NonNullable<TrainRequest['from']>): Promise<SourceModel> {
  const { manifest, graphs } = await readModel(directory);
  requireShape(manifest.model, shape);
  const vocabulary = createVocabulary(manifest.codePoints);
  try {
    return { weights: importModel(graphs.get(graphName)!, manifest.model, vocabulary.size), vocabulary };
  } catch (error) {
    throw new UserError(
      `Training cannot start from the model in ${directory}: ${describeError(error)}`,
      'Name another one, or train without one.',
    );
  }
}

function requireShape(model: ModelConfiguration, asked: Partial<ModelConfiguration>): void {
  for (const name of ['cell', 'hidden', 'layers', 'embedding'] as const) {
    const [has, wanted] = [model[name], asked[name]];
    if (wanted === undefined || wanted === has) continue;
    throw new UserError(
      `The model to start from has ${name} ${has}, not ${wanted}.`,
      `Leave ${name} out, or start from another model.`,
    );
  }
}
