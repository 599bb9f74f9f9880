import { beforeAll, describe, expect, it } from 'vitest';
import { clipGradient } from '../../src/training/optimizers/clipping';
import { sgdStep } from '../../src/training/optimizers/sgd';
import { createPortableGradient } from '../../src/training/gradient/portable/portableGradient';
import type { State } from '../../src/training/gradient/gradient';
import { zeroState } from '../../src/training/gradient/gradient';
import { loadTensorFlow, type LoadedTensorFlow } from '../../src/training/tensorflow/tensorflow';
import type { Window } from '../../src/training/plan/window';
import { flatten, loadReference, toFlat, toState, toWeights } from './referenceFile';

const file = loadReference();
const { batch, steps, theta, lr } = file.config;
let loaded: LoadedTensorFlow;

beforeAll(async () => {
  loaded = await loadTensorFlow();
});

/** [batch][steps] to [steps, batch]. */
function timeMajor(rows: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from({ length: batch * steps }, (_, index) => rows[index % batch]![Math.floor(index / batch)]!);
}

const window: Window = { steps, batch, ids: timeMajor(file.config.x), targets: timeMajor(file.config.y) };

/** Every value within 1e-4 of the largest one. */
function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - actual[index]!)), 0);
  expect(worst).toBeLessThanOrEqual(1e-4 * largest);
}

describe.each(file.cases)('$model as PyTorch computes it', (reference) => {
  const weights = toWeights(file, reference);
  const { layout, model } = weights;
  const tensorsOf = (flat: Float32Array): [string, Float32Array][] =>
    layout.parameters.map(({ name, offset, size }) => [name, flat.subarray(offset, offset + size)]);
  const expectAllClose = (actual: Float32Array, expected: Float32Array): void => {
    const wanted = new Map(tensorsOf(expected));
    for (const [name, values] of tensorsOf(actual)) expectClose(values, wanted.get(name)!);
  };
  const gradient = new Float32Array(layout.length);
  const compute = (): { nats: number; state: State } =>
    createPortableGradient(loaded.tf, model, file.config.vocab, 0).compute(
      weights.values,
      window,
      zeroState(model, batch),
      null,
      gradient,
    );

  it('gives the logits and the final state', () => {
    const forward = createPortableGradient(loaded.tf, model, file.config.vocab, 0).forward(weights.values);
    const { logits, state } = forward.logits(window, zeroState(model, batch));
    forward.dispose();
    expectClose(logits, flatten(reference.logits));
    toState(file, reference).forEach((values, index) => expectClose(state[index]!, values));
  });

  it('gives the loss, the state, the gradient and its norm', () => {
    const { nats, state } = compute();
    expect(Math.abs(nats - reference.loss_nats)).toBeLessThan(1e-4 * reference.loss_nats);
    expect(Math.abs(Math.exp(nats) - reference.perplexity)).toBeLessThan(1e-4 * reference.perplexity);
    toState(file, reference).forEach((values, index) => expectClose(state[index]!, values));
    expectAllClose(gradient, toFlat(file, reference, reference.gradients));
  });

  it('clips the gradient and takes one SGD step', () => {
    compute();
    const norm = clipGradient(gradient, theta);
    expect(Math.abs(norm - reference.gradient_norm)).toBeLessThan(1e-4 * reference.gradient_norm);
    expectAllClose(gradient, toFlat(file, reference, reference.clipped));
    const values = weights.values.slice();
    sgdStep(values, gradient, lr, 0, values.length);
    expectAllClose(values, toFlat(file, reference, reference.after_sgd));
  });

  it('predicts the same characters greedily', () => {
    const forward = createPortableGradient(loaded.tf, model, file.config.vocab, 0).forward(weights.values);
    const prefix = file.config.warm_up_prefix;
    let state = zeroState(model, 1);
    const feed = (tokens: readonly number[]): Float32Array => {
      const ids = Int32Array.from(tokens);
      const result = forward.logits({ steps: ids.length, batch: 1, ids, targets: ids }, state);
      state = result.state;
      return result.logits.slice(-file.config.vocab);
    };
    let logits = feed(prefix);
    for (const token of reference.greedy) {
      // Either of two logits that tie within 1e-6 is right; the reference's choice goes on.
      expect(Math.max(...logits) - logits[token]!).toBeLessThanOrEqual(1e-6);
      logits = feed([token]);
    }
    forward.dispose();
  });
});
