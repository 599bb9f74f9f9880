import { describeError } from '../core/errors';
import { formatPerplexity } from '../core/formatting';
import type { TrainingConfiguration } from '../core/configuration';
import type { EncodedDocument } from '../text/encodedDocument';
import type { Logger } from '../core/logger';
import { createVocabulary } from '../text/vocabulary';
import { importModel } from '../onnx/importModel';
import { graphName, modelToLoad, readModel, type StoredModel } from '../store/modelDirectory';
import type { TrainingResult } from '../protocol/trainer';
import type { SourceModel } from '../training/state/initialWeights';
import { measureOtherModel } from '../training/loop/otherModel';
import type { LoadedTensorFlow } from '../training/tensorflow/tensorflow';

/** The model that a training finds in use. */
export interface ModelInUse {
  readonly id: string;
  /** The training that it comes from. */
  readonly run: string;
  readonly source: SourceModel;
}

/** What a new model is compared with: that in use, on the sample that the new one's best weights are chosen by. */
export interface ToBeat {
  readonly id: string;
  /** -Infinity where it could not be measured. */
  readonly nats: number;
}

/** The model in use of a directory; undefined where there is none, or none of use: then any other is better. */
export async function readModelInUse(out: string, logger: Logger): Promise<ModelInUse | undefined> {
  let source: SourceModel | undefined;
  const check = (model: StoredModel): void => {
    source = sourceOf(model);
  };
  try {
    if ((await modelToLoad(out)) === undefined) return undefined;
    const { manifest, problems } = await readModel(out, check);
    for (const problem of problems) logger.warn(`A model is passed over: ${problem}`);
    return { id: manifest.id, run: manifest.run, source: source! };
  } catch (error) {
    logger.warn(describeError(error));
    return undefined;
  }
}

/** The weights of an export. @throws Error where its graph is not the network that its manifest describes */
export function sourceOf({ manifest, graphs }: StoredModel): SourceModel {
  const vocabulary = createVocabulary(manifest.codePoints);
  return { weights: importModel(graphs.get(graphName)!, manifest.model, vocabulary.size), vocabulary };
}

/** @param validation in the vocabulary of the model in use */
export async function measureModelInUse(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  { id, source }: ModelInUse,
  validation: readonly EncodedDocument[],
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<ToBeat> {
  try {
    const { nats, perplexity } = await measureOtherModel(tensorflow, configuration, source, validation, signal);
    logger.info(`The model in use, ${id}, has perplexity ${formatPerplexity(perplexity)} on the validation sample.`);
    return { id, nats };
  } catch (error) {
    if (!signal.aborted) logger.warn(`The model in use, ${id}, cannot be measured: ${describeError(error)}`);
    return { id, nats: -Infinity };
  }
}

/**
 * Whether a model takes the place of that in use: where there is none, where it is better on the same text, and at a normal
 * end of a training that was asked for anew.
 * @param end how the training has ended; undefined: it goes on
 */
export function takesPlace(
  toBeat: ToBeat | null,
  nats: number,
  end?: { readonly reason: TrainingResult['reason']; readonly resumed: boolean },
): boolean {
  if (toBeat === null || nats < toBeat.nats) return true;
  return end !== undefined && !end.resumed && (end.reason === 'budget' || end.reason === 'no improvement');
}
