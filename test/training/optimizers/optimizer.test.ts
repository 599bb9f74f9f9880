import { describe, expect, it } from 'vitest';
import type { ModelConfiguration } from '../../../src/core/configuration';
import { layoutOf, valuesOf } from '../../../src/core/parameters';
import { createRandom } from '../../../src/core/random';
import { adamStep } from '../../../src/training/optimizers/adam';
import { clipGradient, globalNorm } from '../../../src/training/optimizers/clipping';
import { createOptimizer } from '../../../src/training/optimizers/optimizer';

function normals(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 3 * random.normal());
}

function notAsked(): never {
  throw new Error('This optimizer has no matrices to orthogonalize.');
}

describe('clipping', () => {
  it.each([0.01, 0.5, 1, 10, 1000])(
    'leaves no norm above %d, keeps the direction, and smaller ones as they are',
    (limit) => {
      for (let seed = 0; seed < 20; seed++) {
        const before = normals(1 + seed * 7, seed);
        const after = before.slice();
        const norm = clipGradient(after, limit);
        expect(norm).toBeCloseTo(globalNorm(before), 10);
        if (norm <= limit) expect(after).toEqual(before);
        else expect(globalNorm(after) / limit).toBeCloseTo(1, 5);
        const factor = Math.min(1, limit / norm);
        after.forEach((value, index) => expect(value).toBeCloseTo(factor * before[index]!, 4));
      }
    },
  );

  it('is off with a limit of 0', () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipGradient(gradient, 0)).toBe(5);
    expect([...gradient]).toEqual([3, 4]);
  });
});

describe('Adam', () => {
  // torch.optim.AdamW(lr=0.1, weight_decay=0.5) of PyTorch 2.13 in float64: parameters after each of three steps.
  const gradients = [
    [0.5, -2, 1e-3],
    [0.1, 4, -1e-3],
    [-0.3, 0, 5e-4],
  ];
  const expected = [
    [0.85, -1.8, 0.375001],
    [0.7271959, -1.7466104, 0.3615141],
    [0.6697648, -1.6875797, 0.325966],
  ];

  it('takes the steps that PyTorch takes', () => {
    const [parameters, first, second] = [Float32Array.of(1, -2, 0.5), new Float32Array(3), new Float32Array(3)];
    gradients.forEach((gradient, index) => {
      const settings = { rate: 0.1, weightDecay: 0.5, update: index + 1 };
      adamStep(parameters, Float32Array.from(gradient), first, second, settings, 0, 3);
      parameters.forEach((value, place) => expect(value).toBeCloseTo(expected[index]![place]!, 5));
    });
  });

  it('changes its range only', () => {
    const [parameters, moments] = [new Float32Array(6).fill(1), [new Float32Array(6), new Float32Array(6)] as const];
    const settings = { rate: 0.1, weightDecay: 0.5, update: 1 };
    adamStep(parameters, new Float32Array(6).fill(1), ...moments, settings, 2, 4);
    expect([...parameters].map((value) => value === 1)).toEqual([true, true, false, false, true, true]);
  });

  it('decays matrices and no biases', () => {
    const model: ModelConfiguration = { cell: 'gru', hidden: 3, layers: 1, embedding: 2 };
    const layout = layoutOf(model, 5);
    const parameters = new Float32Array(layout.length).fill(1);
    const settings = { optimizer: 'adam', learningRate: 0.1, weightDecay: 0.5 } as const;
    const optimizer = createOptimizer(settings, { model, layout }, notAsked);
    optimizer.apply(parameters, new Float32Array(layout.length), 0.1, 1);
    for (const { name, shape } of layout.parameters) {
      const kept = shape.length > 1 ? 0.95 : 1;
      valuesOf(layout, parameters, name).forEach((value) => expect(value).toBeCloseTo(kept, 6));
    }
  });
});
