import type { Quality } from '../core/metrics';
import type { Weights } from '../core/parameters';
import type { Vocabulary } from '../core/vocabulary';
import { exportModel } from '../onnx/exportModel';
import { graphName, listIdentifiers, newIdentifier, paths, publishModel } from '../protocol/modelDirectory';

/** What stands beside the weights in an export. */
export interface ExportedQuality {
  readonly step: number;
  readonly validation: Quality | null;
  readonly test: Quality | null;
}

/**
 * Writes weights as an ONNX model, whole or not at all, and makes it the one in use.
 * @param out the model directory
 * @returns the folder of the export and its id
 */
export async function exportWeights(
  out: string,
  run: string,
  weights: Weights,
  vocabulary: Vocabulary,
  quality: ExportedQuality,
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
  return { id, directory: await publishModel(out, manifest, new Map([[graphName, graph]])) };
}
