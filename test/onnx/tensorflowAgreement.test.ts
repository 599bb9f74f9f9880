import { beforeAll, describe, expect, it } from 'vitest';
import type { Weights } from '../../src/core/parameters';
import type { Window } from '../../src/training/plan/window';
import { encode } from '../../src/text/vocabulary';
import { exportModel } from '../../src/onnx/exportModel';
import { zeroState } from '../../src/training/gradient/gradient';
import { clipGradient } from '../../src/training/optimizers/clipping';
import { sgdStep } from '../../src/training/optimizers/sgd';
import { createPortableGradient } from '../../src/training/gradient/portable/portableGradient';
import { loadTensorFlow, type LoadedTensorFlow } from '../../src/training/tensorflow/tensorflow';
import { openGraph, relativeDifference, zeroStates } from './onnxGraph';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const vocabulary = asciiVocabulary(99);
const text = encode(vocabulary, 'for (let index = 0; index < count; index++) sum += values[index];\n');
const steps = 16;
const batch = 4;
const window: Window = {
  steps,
  batch,
  ids: Int32Array.from({ length: steps * batch }, (_, index) => text[index % text.length]!),
  targets: Int32Array.from({ length: steps * batch }, (_, index) => text[(index + batch) % text.length]!),
};

let loaded: LoadedTensorFlow;
beforeAll(async () => {
  loaded = await loadTensorFlow();
});

/** Trains in place; gives the loss before and after. */
function train({ model, vocabularySize, layout, values }: Weights): { first: number; last: number } {
  const portable = createPortableGradient(loaded.tf, model, vocabularySize, 0);
  const gradient = new Float32Array(layout.length);
  const losses: number[] = [];
  for (let step = 0; step < 40; step++) {
    losses.push(portable.compute(values, window, zeroState(model, batch), null, gradient).nats);
    clipGradient(gradient, 1);
    sgdStep(values, gradient, 1, 0, values.length);
  }
  return { first: losses[0]!, last: losses.at(-1)! };
}

describe.each(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name', ({ shape }) => {
  it('gives after training the logits that TensorFlow gives', async () => {
    const weights = randomWeights(shape, vocabulary.size);
    const { first, last } = train(weights);
    expect(last).toBeLessThan(0.8 * first);
    const forward = createPortableGradient(loaded.tf, shape, vocabulary.size, 0).forward(weights.values);
    const { logits } = forward.logits(window, zeroState(shape, batch));
    forward.dispose();
    const graph = await openGraph(exportModel(weights, vocabulary, { step: 0, validation: null, test: null }));
    const ids = Array.from({ length: steps }, (_, step) => [...window.ids.subarray(step * batch, (step + 1) * batch)]);
    const exported = await graph(ids, zeroStates(shape, batch));
    expect(relativeDifference(exported.logits, logits)).toBeLessThan(1e-4);
    expect(Math.max(...exported.logits.map((logit, index) => Math.abs(logit - logits[index]!)))).toBeLessThan(1e-4);
  });
});
