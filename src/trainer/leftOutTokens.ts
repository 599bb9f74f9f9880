import type { TrainingConfiguration } from '../core/configuration';
import type { EncodedDocument } from '../text/encodedDocument';
import { createVocabulary, tokenOf, tokensIn } from '../text/vocabulary';
import { measureOtherModel } from '../training/loop/otherModel';
import { growWeights } from '../training/state/growWeights';
import type { SourceModel } from '../training/state/initialWeights';
import { withTokensOf } from '../training/state/tokensOf';
import type { LoadedTensorFlow } from '../training/tensorflow/tensorflow';

/** What knowing them may cost, in nats a character: one that is met costs 15 more where it is 'other' than where it is known. */
const allowance = 0.0005;
/** How much less likely they are made to keep to that, in nats: the first that does. */
const loweredLogits = [0, 2, 4, 6];

/**
 * A trained model with the code points again that its training left out, since the text has none of them and each costs time
 * in every step: they read and are expected as in the model that it began with.
 * @param trained with what it has on the validation sample
 * @param validation in the trained model's vocabulary
 */
export async function withLeftOutTokens(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  trained: SourceModel & { readonly nats: number },
  source: SourceModel,
  validation: readonly EncodedDocument[],
): Promise<SourceModel> {
  const known = new Set(trained.vocabulary.codePoints);
  const leftOut = source.vocabulary.codePoints.filter((codePoint) => !known.has(codePoint));
  if (leftOut.length === 0) return trained;
  const vocabulary = createVocabulary([...known, ...leftOut]);
  const grown = growWeights(trained.weights, trained.vocabulary, vocabulary);
  const began = growWeights(source.weights, source.vocabulary, vocabulary);
  const restored = leftOut.map((codePoint) => tokenOf(vocabulary, codePoint));
  const names = tokensIn(trained.vocabulary, vocabulary);
  const documents = validation.map(({ tokens, headerLength }) => ({
    tokens: Int32Array.from(tokens, (token) => names[token]!),
    headerLength,
  }));
  for (const lowered of loweredLogits) {
    const model = { weights: withTokensOf(grown, began, restored, lowered), vocabulary };
    const quality = await measureOtherModel(tensorflow, configuration, model, documents);
    if (quality.nats < trained.nats + allowance) return model;
  }
  return trained;
}
