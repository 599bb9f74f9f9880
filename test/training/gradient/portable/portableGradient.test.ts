import { beforeAll, describe, expect, it } from 'vitest';
import { cells, type ModelConfiguration } from '../../../../src/core/configuration';
import { parameterNames, valuesOf, type Weights } from '../../../../src/core/parameters';
import { createRandom } from '../../../../src/core/random';
import type { Window } from '../../../../src/training/plan/window';
import { normalState, zeroState } from '../../../../src/training/gradient/gradient';
import { createWeights } from '../../../../src/training/state/initialWeights';
import { createPortableGradient } from '../../../../src/training/gradient/portable/portableGradient';
import { backends, loadTensorFlow, type LoadedTensorFlow } from '../../../../src/training/tensorflow/tensorflow';

const vocabularySize = 11;
const models: ModelConfiguration[] = cells.flatMap((cell) => [
  { cell, hidden: 6, layers: 1, embedding: 0 },
  { cell, hidden: 5, layers: 2, embedding: 4 },
]);
let tensorflow: LoadedTensorFlow;

beforeAll(async () => {
  tensorflow = await loadTensorFlow();
});

function randomWindow(steps: number, batch: number, seed = 3): Window {
  const random = createRandom(seed);
  const tokens = (): Int32Array => Int32Array.from({ length: steps * batch }, () => random.integer(vocabularySize));
  return { steps, batch, ids: tokens(), targets: tokens() };
}

/** Weights large enough that the gates bend. */
function randomWeights(model: ModelConfiguration): Weights {
  const weights = createWeights(model, vocabularySize, 'default', 7);
  return { ...weights, values: weights.values.map((value) => 2 * value) };
}

describe.each(models)('the gradient of %o', (model) => {
  const { layout, values } = randomWeights(model);
  const window = randomWindow(5, 3);
  const state = normalState(model, 3, createRandom(5));

  it.each([0, 0.4])('is what finite differences say, with dropout %d', (dropout) => {
    const gradient = createPortableGradient(tensorflow.tf, model, vocabularySize, dropout);
    const seed = dropout > 0 ? 42 : null;
    const out = new Float32Array(layout.length);
    const lossAt = (parameters: Float32Array): number =>
      gradient.compute(parameters, window, state, seed, new Float32Array(layout.length)).nats;
    gradient.compute(values, window, state, seed, out);
    const random = createRandom(1);
    for (const { name, offset, size } of layout.parameters) {
      // Along a random direction within each parameter: one number that every element of the gradient enters.
      const direction = Float32Array.from({ length: size }, () => random.normal());
      const step = 2e-3;
      const moved = (sign: number): Float32Array =>
        values.map((value, index) => value + sign * step * (direction[index - offset] ?? 0));
      const expected = (lossAt(moved(1)) - lossAt(moved(-1))) / (2 * step);
      const actual = direction.reduce((sum, value, index) => sum + value * out[offset + index]!, 0);
      expect(Math.abs(actual - expected), name).toBeLessThan(2e-3 + 0.01 * Math.abs(expected));
    }
  });

  it('carries the state: two windows of half the length give what one gives', () => {
    const gradient = createPortableGradient(tensorflow.tf, model, vocabularySize, 0);
    const forward = gradient.forward(values);
    const whole = randomWindow(8, 3);
    const half = (from: number): Window => ({
      steps: 4,
      batch: 3,
      ids: whole.ids.slice(from * 3, (from + 4) * 3),
      targets: whole.targets.slice(from * 3, (from + 4) * 3),
    });
    const together = forward.logits(whole, state);
    const first = forward.logits(half(0), state);
    const second = forward.logits(half(4), first.state);
    forward.dispose();
    const apart = Float32Array.from([...first.logits, ...second.logits]);
    apart.forEach((logit, index) => expect(logit).toBeCloseTo(together.logits[index]!, 5));
    second.state
      .flatMap((part) => [...part])
      .forEach((unit, index) => {
        expect(unit).toBeCloseTo(together.state.flatMap((part) => [...part])[index]!, 5);
      });
  });

  it('leaves no tensor behind: as many live after step 10 as after step 1000', () => {
    const gradient = createPortableGradient(tensorflow.tf, model, vocabularySize, 0.1);
    const out = new Float32Array(layout.length);
    const short = randomWindow(2, 2);
    const start = zeroState(model, 2);
    const liveAfter = (steps: number): number => {
      for (let step = 0; step < steps; step++) gradient.compute(values, short, start, step, out);
      const forward = gradient.forward(values);
      forward.surprise(short, start);
      forward.dispose();
      return tensorflow.tf.memory().numTensors;
    };
    const early = liveAfter(10);
    expect(liveAfter(990)).toBe(early);
  });
});

it('looks up rows of the input weights as a product with one-hot vectors would', () => {
  const { tf } = tensorflow;
  const model: ModelConfiguration = { cell: 'rnn', hidden: 6, layers: 1, embedding: 0 };
  const { layout, values } = randomWeights(model);
  const window = randomWindow(1, 4);
  const forward = createPortableGradient(tf, model, vocabularySize, 0).forward(values);
  const { state } = forward.logits(window, zeroState(model, 4));
  forward.dispose();
  const expected = tf.tidy(() => {
    const oneHot = tf.cast(tf.oneHot(tf.tensor1d(window.ids, 'int32'), vocabularySize), 'float32');
    const weights = tf.tensor2d(valuesOf(layout, values, parameterNames.inputWeights(0)), [vocabularySize, 6]);
    const bias = tf.tensor1d(valuesOf(layout, values, parameterNames.bias(0)));
    return [...tf.tanh(tf.add(tf.matMul(oneHot, weights), bias)).dataSync()];
  });
  expected.forEach((unit, index) => expect(state[0]![index]).toBeCloseTo(unit, 6));
});

it.each(models)('is the same on every backend that loads: %o', async (model) => {
  const { layout, values } = randomWeights(model);
  const results: Float32Array[] = [];
  for (const backend of backends) {
    const loaded = await loadTensorFlow(backend).catch(() => null);
    if (loaded === null) continue;
    const out = new Float32Array(layout.length);
    const gradient = createPortableGradient(loaded.tf, model, vocabularySize, 0);
    gradient.compute(values, randomWindow(4, 3), zeroState(model, 3), null, out);
    results.push(out);
  }
  expect(results.length).toBeGreaterThanOrEqual(2);
  for (const other of results.slice(1)) {
    other.forEach((value, index) => expect(value).toBeCloseTo(results[0]![index]!, 5));
  }
  tensorflow = await loadTensorFlow();
});
