import { describe, expect, it } from 'vitest';
import { meanDifference, outerStep } from '../../src/core/roundSettings';
import { createRandom } from '../../src/core/random';

function values(seed: number, length = 50): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

describe('the step that all machines take together', () => {
  // torch.optim.SGD(lr=0.7, momentum=0.9, nesterov=True) with the gradients 1, 0.5, -1, and without momentum.
  it.each([
    ['with momentum', { rate: 0.7, momentum: 0.9 }, [0.67, -0.562, -0.0258], [1, 1.4, 0.26]],
    ['without', { rate: 0.5, momentum: 0 }, [1.5, 1.25, 1.75], [1, 0.5, -1]],
  ] as const)('%s is that of SGD with the difference as gradient', (_, settings, expected, momenta) => {
    const [weights, momentum] = [Float32Array.of(2), new Float32Array(1)];
    [1, 0.5, -1].forEach((difference, step) => {
      outerStep(weights, momentum, Float32Array.of(difference), settings);
      expect(weights[0]).toBeCloseTo(expected[step]!, 6);
      expect(momentum[0]).toBeCloseTo(momenta[step]!, 6);
    });
  });

  it.each([1, 2, 3, 16])(
    'of %i machines that learn the same is what one of them learns, at rate 1 without momentum',
    (count) => {
      const [before, after] = [values(1), values(2)];
      const difference = before.map((value, place) => value - after[place]!);
      const weights = before.slice();
      const mean = meanDifference(Array.from({ length: count }, () => difference));
      outerStep(weights, new Float32Array(weights.length), mean, { rate: 1, momentum: 0 });
      weights.forEach((value, place) => expect(value).toBeCloseTo(after[place]!, 5));
    },
  );

  it('takes the mean of what they learn', () => {
    expect([...meanDifference([Float32Array.of(1, -2), Float32Array.of(3, 0), Float32Array.of(5, 5)])]).toEqual([3, 1]);
  });
});
