import { expect, it } from 'vitest';
import { logSumExp } from '../../src/text/metrics';
import { otherToken } from '../../src/text/vocabulary';
import { createMixture } from '../../src/memory/mixture';
import { seeds } from './memoryText';

const size = 12;

it.each(seeds)('is the product of powers, normalised (seed $seed)', ({ random }) => {
  const models = [0, 1, 2].map(() => Float32Array.from({ length: size }, () => random.normal()));
  const exponents = Float64Array.from({ length: 12 }, () => random.uniform());
  const mixed = createMixture(exponents, size).mix(models, [1, 3]);
  const powers = Array.from({ length: size }, (_, token) =>
    models.reduce(
      (product, model, i) => product * Math.exp(model[token]!) ** (exponents[3 + i]! + exponents[9 + i]!),
      1,
    ),
  );
  const whole = powers.slice(otherToken).reduce((sum, value) => sum + value, 0);
  for (let token = otherToken; token < size; token++) {
    expect(Math.exp(mixed[token]! - logSumExp(mixed, 0, size))).toBeCloseTo(powers[token]! / whole, 6);
  }
});

it('learns along the slope of the surprise, in the rows that were used alone', () => {
  const models = [0, 1].map((shift) => Float32Array.from({ length: size }, (_, token) => Math.sin(token + shift)));
  const exponents = Float64Array.of(0.3, 0.5, 0.2, 0.1, 9, 9);
  const surprise = (token: number): number => {
    const mixed = createMixture(exponents, size).mix(models, [0, 1]);
    return logSumExp(mixed, 0, size) - mixed[token]!;
  };
  const before = surprise(5);
  const untouched = exponents.slice();
  const mixture = createMixture(exponents, size);
  mixture.mix(models, [0, 1]);
  mixture.learn(5, 0.001);
  const change = exponents.map((value, index) => value - untouched[index]!);
  expect(Array.from(change.subarray(4))).toEqual([0, 0]);
  expect(change[0]).toBeCloseTo(change[2]!, 12);
  // A small step lowers the surprise by its own length times the slope's.
  const slope = [0, 1].map((index) => change[index]! / 0.001);
  expect(before - surprise(5)).toBeCloseTo(0.001 * 2 * slope.reduce((sum, value) => sum + value * value, 0), 5);
});
