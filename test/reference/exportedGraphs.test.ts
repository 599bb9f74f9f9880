import { describe, expect, it } from 'vitest';
import { createVocabulary, firstCodePointToken } from '../../src/text/vocabulary';
import { exportModel } from '../../src/onnx/exportModel';
import { openGraph, relativeDifference, zeroStates, type Graph } from '../onnx/onnxGraph';
import { flatten, loadReference, modelOf, toState, toWeights, type ReferenceCase } from './referenceFile';

const file = loadReference();
const { vocab, batch, steps, x, layers, hidden } = file.config;
const vocabulary = createVocabulary(Array.from({ length: vocab - firstCodePointToken }, (_, index) => 97 + index));

function open(reference: ReferenceCase): Promise<Graph> {
  return openGraph(exportModel(toWeights(file, reference), vocabulary, { step: 0, validation: null, test: null }));
}

/** Whether `token` has the largest logit of one position, but for a tie within 1e-6. */
function isLargest(logits: Float32Array, token: number): boolean {
  return logits[token]! >= Math.max(...logits) - 1e-6;
}

describe.each(file.cases)('exported $model', (reference) => {
  const model = modelOf(file, reference);

  it('gives the logits and the final state of the reference', async () => {
    const graph = await open(reference);
    const ids = Array.from({ length: steps }, (_, step) => x.map((row) => row[step]!));
    const output = await graph(ids, zeroStates(model, batch));
    expect(relativeDifference(output.logits, flatten(reference.logits))).toBeLessThan(1e-4);
    const kinds = Object.values(output.states).map((tensor) => tensor.data as Float32Array);
    const size = batch * hidden;
    const perLayer = Array.from({ length: kinds[0]!.length / size }, (_, layer) =>
      kinds.map((kind) => kind.subarray(layer * size, (layer + 1) * size)),
    ).flat();
    expect(perLayer.length).toBeLessThanOrEqual(2 * layers);
    toState(file, reference).forEach((expected, index) => {
      expect(relativeDifference(perLayer[index]!, expected)).toBeLessThan(1e-4);
    });
  });

  it('makes its greedy predictions', async () => {
    const graph = await open(reference);
    const prefix = file.config.warm_up_prefix;
    let { logits, states } = await graph(
      prefix.map((id) => [id]),
      zeroStates(model, 1),
    );
    for (const token of reference.greedy) {
      expect(isLargest(logits.subarray(-vocab), token)).toBe(true);
      ({ logits, states } = await graph([[token]], states));
    }
  });
});
