import type { Cell, ModelConfiguration } from '../../src/core/configuration';
import { layoutOf } from '../../src/core/parameters';
import { createRandom } from '../../src/core/random';
import type { CheckedGraph } from '../../src/inference/checkedGraph';
import { exportModel } from '../../src/onnx/exportModel';
import { createVocabulary } from '../../src/text/vocabulary';

/** An exported network of random weights, whose logits vary with what it has read. */
export function randomNetwork(cell: Cell, hidden: number, layers: number): CheckedGraph {
  const model: ModelConfiguration = { cell, hidden, layers, embedding: 64 };
  const vocabulary = createVocabulary(Array.from({ length: 97 }, (_, index) => 32 + index));
  const layout = layoutOf(model, vocabulary.size);
  const random = createRandom(1);
  const values = new Float32Array(layout.length);
  for (const { name, offset, size } of layout.parameters) {
    // Larger hidden weights make the network chaotic: it would blow up every rounding by itself.
    const spread = name.endsWith('hiddenWeights') ? 1 / Math.sqrt(hidden) : 0.3;
    for (let index = offset; index < offset + size; index++) values[index] = spread * random.normal();
  }
  const weights = { model, vocabularySize: vocabulary.size, layout, values };
  return { bytes: exportModel(weights, vocabulary, { step: 0, validation: null, test: null }), model, vocabulary };
}
