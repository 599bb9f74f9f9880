import { describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import type { Weights } from '../../../src/core/parameters';
import { createPortableGradient } from '../../../src/training/gradient/portable/portableGradient';
import { zeroState } from '../../../src/training/gradient/gradient';
import { createWeights } from '../../../src/training/state/initialWeights';
import { withTokensOf } from '../../../src/training/state/tokensOf';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const size = 9;

/** Logits [steps, size] after each of the tokens. */
async function logitsOf({ model, values }: Weights, tokens: readonly number[]): Promise<number[][]> {
  const { tf } = await loadTensorFlow();
  const forward = createPortableGradient(tf, model, size, 0).forward(values);
  const ids = Int32Array.from(tokens);
  const { logits } = forward.logits({ steps: ids.length, batch: 1, ids, targets: ids }, zeroState(model, 1));
  forward.dispose();
  return tokens.map((_, step) => [...logits.subarray(step * size, (step + 1) * size)]);
}

const models: ModelConfiguration[] = [
  { cell: 'lstm', hidden: 5, layers: 2, embedding: 3 },
  { cell: 'gru', hidden: 5, layers: 1, embedding: 0 },
];

describe.each(models)('weights with tokens of others, %o', (model) => {
  const weights = createWeights(model, size, 'default', 1);
  const others = createWeights(model, size, 'default', 2);

  it('expect and read all others as before', async () => {
    const before = await logitsOf(weights, [3, 4, 5]);
    const after = await logitsOf(withTokensOf(weights, others, [6, 8], 2), [3, 4, 5]);
    const untouched = (logits: number[]) => logits.filter((_, token) => token !== 6 && token !== 8);
    expect(after.map(untouched)).toEqual(before.map(untouched));
    expect(after[0]![6]).not.toBe(before[0]![6]);
  });

  it('have nothing of their own where all are taken but what is between them', async () => {
    const all = Array.from({ length: size }, (_, token) => token);
    // The same recurrent weights: then they are the others.
    const alike = withTokensOf(others, weights, all, 0);
    expect(await logitsOf(withTokensOf(alike, others, all, 0), all)).toEqual(await logitsOf(others, all));
  });

  it('expect them by so many nats less', async () => {
    const even = await logitsOf(withTokensOf(weights, others, [6], 0), [3, 6]);
    const lowered = await logitsOf(withTokensOf(weights, others, [6], 4), [3, 6]);
    expect(lowered[1]![6]).toBeCloseTo(even[1]![6]! - 4, 4);
    expect(lowered[1]![5]).toBe(even[1]![5]);
  });
});
