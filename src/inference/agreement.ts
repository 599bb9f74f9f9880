import { createRandom } from '../core/random';
import type { CheckedGraph } from './checkedGraph';
import { createSession, zeroState } from './session';

/** Characters of a random text and columns to compare, and the share of the largest logit by which they may differ. */
const agreement = { steps: 32, batch: 1, share: 0.01 };

/** A sentence where a provider computes something else than the CPU. */
export async function disagreement(graph: CheckedGraph, provider: string): Promise<string | undefined> {
  const { largest, difference } = await compareWithCpu(graph, provider, agreement);
  // Not a number is no agreement either.
  if (difference <= agreement.share * largest) return undefined;
  return `Its logits differ from the CPU's by up to ${difference.toPrecision(2)}.`;
}

/** The largest logit on the CPU for the same random text, and the most by which any differs on that provider. */
export async function compareWithCpu(
  graph: CheckedGraph,
  provider: string,
  { steps, batch }: { readonly steps: number; readonly batch: number },
): Promise<{ largest: number; difference: number }> {
  const random = createRandom(1);
  const ids = new Int32Array(steps * batch).map(() => random.integer(graph.vocabulary.size));
  const logitsOn = async (own: string): Promise<Float32Array> => {
    const session = await createSession(graph.bytes, graph.model, graph.vocabulary, { provider: own });
    try {
      return (await session.run(ids, batch, zeroState(graph.model, batch))).logits;
    } finally {
      await session.release();
    }
  };
  const [expected, actual] = [await logitsOn('cpu'), await logitsOn(provider)];
  return {
    largest: expected.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0),
    difference: expected.reduce((most, logit, index) => Math.max(most, Math.abs(logit - actual[index]!)), 0),
  };
}
