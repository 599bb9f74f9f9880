import type { Vocabulary } from '../text/vocabulary';
import type { ModelSession, StepOutput } from './session';

/**
 * A session without a network: every token is equally likely, whatever came before. What is mixed with it decides alone.
 */
export function createUniformSession(vocabulary: Vocabulary): ModelSession {
  const run = (ids: Int32Array): Promise<StepOutput> =>
    Promise.resolve({ logits: new Float32Array(ids.length * vocabulary.size), state: [] });
  return {
    model: { cell: 'rnn', hidden: 0, layers: 0, embedding: 0 },
    vocabulary,
    provider: 'none',
    columns: 8,
    run,
    step: run,
    endProfiling: () => undefined,
    release: () => Promise.resolve(),
  };
}
