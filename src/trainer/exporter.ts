import type { Quality } from '../text/metrics';
import type { SourceModel } from '../training/state/initialWeights';
import { exportModel } from '../onnx/exportModel';
import { graphName, listIdentifiers, newIdentifier, paths, publishModel, writeModel } from '../store/modelDirectory';

/** What stands beside the weights in an export. */
export interface ExportedQuality {
  readonly step: number;
  readonly validation: Quality | null;
  readonly test: Quality | null;
}

/**
 * Writes weights as an ONNX model, whole or not at all.
 * @param out the model directory
 * @param use whether it becomes the model in use
 * @returns the folder of the export and its id
 */
export async function exportWeights(
  out: string,
  run: string,
  { weights, vocabulary }: SourceModel,
  quality: ExportedQuality,
  use: boolean,
): Promise<{ directory: string; id: string }> {
  const id = newIdentifier(await listIdentifiers(paths.models(out)));
  const graph = exportModel(weights, vocabulary, quality);
  const manifest = {
    id,
    run,
    createdAt: new Date().toISOString(),
    model: weights.model,
    codePoints: [...vocabulary.codePoints],
    ...quality,
  };
  const write = use ? publishModel : writeModel;
  return { id, directory: await write(out, manifest, new Map([[graphName, graph]])) };
}
