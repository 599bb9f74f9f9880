import type { ModelConfiguration } from '../core/configuration';
import type { SentGraph } from '../protocol/graph';
import { createVocabulary, type Vocabulary } from '../text/vocabulary';
import { isProcessor } from './runtime';
import { createSession, type ModelSession } from './session';

/** A graph that was read and checked, with what is needed to run it. */
export interface CheckedGraph {
  readonly bytes: Uint8Array;
  readonly model: ModelConfiguration;
  readonly vocabulary: Vocabulary;
  /** The same network for single steps on the CPU (onnx/stepGraph.ts). */
  readonly steps?: Uint8Array;
}

/** Makes a session as completions use it. @throws where the provider does not work on this machine */
export function openGraph({ bytes, model, vocabulary, steps }: CheckedGraph, provider: string): Promise<ModelSession> {
  return createSession(bytes, model, vocabulary, { provider, ...(isProcessor(provider) && steps && { steps }) });
}

/** For a message to another process. */
export function sentGraph({ vocabulary, ...graph }: CheckedGraph): SentGraph {
  return { ...graph, codePoints: vocabulary.codePoints };
}

/** Of a message from another process. */
export function arrivedGraph({ codePoints, ...graph }: SentGraph): CheckedGraph {
  return { ...graph, vocabulary: createVocabulary(codePoints) };
}
