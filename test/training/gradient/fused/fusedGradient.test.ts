import { beforeAll, describe, expect, it } from 'vitest';
import { cells, precisions, type ModelConfiguration } from '../../../../src/core/configuration';
import { silentLogger } from '../../../../src/core/logger';
import { createRandom } from '../../../../src/core/random';
import type { Window } from '../../../../src/training/plan/window';
import { bindingOf, type Binding } from '../../../../src/training/gradient/fused/binding';
import { createFusedGradient } from '../../../../src/training/gradient/fused/fusedGradient';
import { normalState, type Gradient } from '../../../../src/training/gradient/gradient';
import { chooseGradient } from '../../../../src/training/choice/gradientChoice';
import { createWeights } from '../../../../src/training/state/initialWeights';
import { createNewtonSchulz } from '../../../../src/training/optimizers/newtonSchulz';
import { createPortableGradient } from '../../../../src/training/gradient/portable/portableGradient';
import { createSession, sessionBatches } from '../../../../src/training/loop/trainingSession';
import { createLocalStepper } from '../../../../src/training/threads/stepper';
import { loadTensorFlow, type LoadedTensorFlow } from '../../../../src/training/tensorflow/tensorflow';
import { smallConfiguration, smallData } from '../../smallTraining';

const vocabularySize = 11;
const models: ModelConfiguration[] = cells.flatMap((cell) => [
  { cell, hidden: 6, layers: 1, embedding: 0 },
  { cell, hidden: 5, layers: 2, embedding: 3 },
  { cell, hidden: 16, layers: 2, embedding: 8 },
]);
let tensorflow: LoadedTensorFlow;
let binding: Binding;

beforeAll(async () => {
  tensorflow = await loadTensorFlow('tensorflow');
  binding = bindingOf(tensorflow.tf);
});

function randomWindow(steps: number, batch: number): Window {
  const random = createRandom(3);
  const tokens = (): Int32Array => Int32Array.from({ length: steps * batch }, () => random.integer(vocabularySize));
  return { steps, batch, ids: tokens(), targets: tokens() };
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  actual.forEach((value, index) => (largest = Math.max(largest, Math.abs(value - expected[index]!))));
  expect(largest).toBeLessThan(1e-5);
}

describe.each(models)('the fused gradient of %o', (model) => {
  const state = normalState(model, 3, createRandom(5));
  const { layout, values } = createWeights(model, vocabularySize, 'default', 7);
  const both = (dropout: number): [Gradient, Gradient] => [
    createFusedGradient(binding, { model, dropout, precision: 'float32' }, vocabularySize),
    createPortableGradient(tensorflow.tf, model, vocabularySize, dropout),
  ];

  it.each([
    { steps: 6, dropout: 0 },
    { steps: 6, dropout: 0.4 },
    { steps: 1, dropout: 0 },
  ])('is the portable one, over $steps steps with dropout $dropout', ({ steps, dropout }) => {
    const [fused, portable] = both(dropout).map((gradient) => {
      const out = new Float32Array(layout.length).fill(0);
      const result = gradient.compute(values, randomWindow(steps, 3), state, 42, out);
      return { ...result, out };
    });
    expect(fused!.nats).toBeCloseTo(portable!.nats, 5);
    expectClose(fused!.out, portable!.out);
    fused!.state.forEach((part, index) => expectClose(part, portable!.state[index]!));
  });

  it('has the same loss and state in bfloat16, and a gradient of eight binary digits', () => {
    const [rounded, exact] = (['bfloat16', 'float32'] as const).map((precision) => {
      const gradient = createFusedGradient(binding, { model, dropout: 0, precision }, vocabularySize);
      const out = new Float32Array(layout.length);
      return { ...gradient.compute(values, randomWindow(20, 3), state, null, out), out };
    });
    expect(rounded!.nats).toBe(exact!.nats);
    expect(rounded!.state).toEqual(exact!.state);
    const norm = (vector: Float32Array): number => Math.hypot(...vector);
    const error = norm(exact!.out.map((value, index) => value - rounded!.out[index]!)) / norm(exact!.out);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(2 ** -7);
  });

  it('measures what the portable one does, markers as targets included', () => {
    const [fused, portable] = both(0).map((gradient) => {
      const forward = gradient.forward(values);
      const window = randomWindow(7, 3);
      const results = { ...forward.logits(window, state), nats: forward.surprise(window, state).nats };
      forward.dispose();
      return results;
    });
    expectClose(fused!.logits, portable!.logits);
    expectClose(fused!.nats, portable!.nats);
  });

  it.each(precisions)('leaves no tensor behind and does not write to the weights with %s', (precision) => {
    const gradient = createFusedGradient(binding, { model, dropout: 0.2, precision }, vocabularySize);
    const before = values.slice();
    const alive = binding.getNumOfTensors();
    for (let step = 0; step < 5; step++) {
      gradient.compute(values, randomWindow(4, 3), state, step, new Float32Array(layout.length));
      const forward = gradient.forward(values);
      forward.surprise(randomWindow(4, 3), state);
      forward.dispose();
    }
    expect(binding.getNumOfTensors()).toBe(alive);
    expect(values).toEqual(before);
  });
});

it.each(models)('trains as the portable one does: the same losses over 50 steps of %o', async (model) => {
  const data = smallData();
  const configuration = smallConfiguration({ model, optimizer: 'adam' });
  const losses = async (gradient: Gradient): Promise<number[]> => {
    const weights = createWeights(model, data.vocabulary.size, 'default', 1);
    const batches = sessionBatches(configuration, data.training, null);
    const orthogonalize = createNewtonSchulz(tensorflow.tf);
    const stepper = createLocalStepper(gradient, configuration, weights, batches.batch, orthogonalize, undefined);
    const session = createSession(stepper, configuration, batches, weights, null);
    const nats: number[] = [];
    while (nats.length < 50) nats.push((await session.advance(1e-2)).nats);
    return nats;
  };
  const fused = await losses(createFusedGradient(binding, configuration, data.vocabulary.size));
  const portable = await losses(createPortableGradient(tensorflow.tf, model, data.vocabulary.size, 0));
  fused.forEach((nats, step) => expect(Math.abs(nats - portable[step]!), `step ${step}`).toBeLessThan(1e-4));
  expect(fused.at(-1)!).toBeLessThan(0.9 * fused[0]!);
});

describe('the choice of a gradient', () => {
  const settings = { model: models[0]!, dropout: 0, precision: 'float32' } as const;
  const choose = (loaded: LoadedTensorFlow, lines: string[]): string =>
    chooseGradient(loaded, settings, vocabularySize, { ...silentLogger, warn: (line) => lines.push(line) }).name;

  it('is the fused one on the native library, without a word', () => {
    const lines: string[] = [];
    expect(choose(tensorflow, lines)).toBe('fused');
    expect(lines).toEqual([]);
  });

  it('falls back with one line where an operation is missing or wrong', () => {
    for (const broken of [
      () => {
        throw new Error('no such operation');
      },
      (name: string, ...rest: unknown[]) => {
        const run = binding.executeOp as (...parameters: unknown[]) => { id: number }[];
        return run(name === 'SparseSegmentSumWithNumSegments' ? 'SparseSegmentMeanWithNumSegments' : name, ...rest);
      },
    ]) {
      const native = Object.create(tensorflow.tf, {
        backend: { value: () => ({ binding: { ...binding, executeOp: broken } }) },
      }) as LoadedTensorFlow['tf'];
      const lines: string[] = [];
      expect(choose({ ...tensorflow, tf: native }, lines)).toBe('portable');
      expect(lines).toEqual([expect.stringMatching(/^Training runs without TensorFlow's fused operations: /)]);
    }
  });
});
