import type { ModelConfiguration } from '../../src/core/configuration';
import { parameterNames, valuesOf, type Weights } from '../../src/core/parameters';
import { createSession, type ModelSession } from '../../src/inference/session';
import { exportModel } from '../../src/onnx/exportModel';
import { stepGraph } from '../../src/onnx/stepGraph';
import { asciiVocabulary, randomWeights } from '../onnx/randomWeights';

export const model: ModelConfiguration = { cell: 'lstm', hidden: 12, layers: 2, embedding: 5 };
/** Line feed and printable ASCII. */
export const vocabulary = asciiVocabulary(99);

/** Large weights: what such a network writes varies with every character before. */
export function livelyWeights(): Weights {
  const weights = randomWeights(model, vocabulary.size, 6);
  return { ...weights, values: weights.values.map((value) => 4 * value) };
}

export function exported(weights = livelyWeights(), of = vocabulary): Uint8Array {
  return exportModel(weights, of, { step: 0, validation: null, test: null });
}

/** A session of a small network with random weights. */
export function openSession(weights?: Weights): Promise<ModelSession> {
  return createSession(exported(weights), weights?.model ?? model, vocabulary, { provider: 'cpu' });
}

/** The same with single steps by the graph of small integers. */
export function openRoundedSession(weights: Weights): Promise<ModelSession> {
  const graph = exported(weights);
  return createSession(graph, weights.model, vocabulary, { provider: 'cpu', steps: stepGraph(graph) });
}

/** Weights whose output is the same everywhere: these logits by token, 0 for the others. */
export function constantWeights(logits: Readonly<Record<number, number>>, of = vocabulary): Weights {
  const weights = randomWeights(model, of.size);
  valuesOf(weights.layout, weights.values, parameterNames.outputWeights).fill(0);
  const bias = valuesOf(weights.layout, weights.values, parameterNames.outputBias).fill(0);
  for (const [token, logit] of Object.entries(logits)) bias[Number(token)] = logit;
  return weights;
}

/** The session, with the number of characters that it was fed. */
export function counted(session: ModelSession): { session: ModelSession; fed: () => number } {
  let fed = 0;
  const run: ModelSession['run'] = (ids, batch, state) => {
    fed += ids.length;
    return session.run(ids, batch, state);
  };
  return { session: { ...session, run }, fed: () => fed };
}

/** Is not aborted. */
export const never = new AbortController().signal;
