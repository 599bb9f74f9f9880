import { expect, it } from 'vitest';
import type { Random } from '../../src/core/random';
import { logSumExp } from '../../src/text/metrics';
import { otherToken } from '../../src/text/vocabulary';
import { createMixture } from '../../src/memory/mixture';
import {
  baseAlone,
  logProbabilities,
  baseOfProbabilities,
  type Prediction,
  type PredictionBase,
} from '../../src/memory/prediction';
import { seeds } from './memoryText';

const size = 12;

/** Of any sum: a mixture does not ask for it. */
const baseOfLogarithms = (values: Float64Array): PredictionBase => baseOfProbabilities(values.map(Math.exp));

/** Logarithms, some of them far below what is held up. */
function baseOf(random: Random): PredictionBase {
  return baseOfLogarithms(
    Float64Array.from({ length: size }, () => random.normal() * (random.uniform() < 0.2 ? 15 : 1)),
  );
}

/** Some of these tokens followed a match. */
function predictionOf(base: PredictionBase, random: Random): Prediction {
  const tokens = Int32Array.from([3, 4, 7, 11].filter(() => random.uniform() < 0.5));
  if (tokens.length === 0) return baseAlone(base);
  const logarithms = Float64Array.from(tokens, () => random.normal());
  return { base, rest: -20 * random.uniform(), size: tokens.length, tokens, logarithms };
}

function valuesOf(prediction: Prediction): Float64Array {
  const values = new Float64Array(size);
  logProbabilities(prediction, values);
  return values;
}

it.each(seeds)('is the product of powers, normalised (seed $seed)', ({ random }) => {
  const [network, frequencies] = [baseOf(random), baseOf(random)];
  const models = [network, network, frequencies, network, frequencies].map((base) => predictionOf(base, random));
  const exponents = Float64Array.from({ length: 4 * models.length }, () => random.normal() / 2);
  const mixed = createMixture(exponents, size).mix(models, [1, 3]);
  const exponentOf = (model: number): number =>
    exponents[models.length + model]! + exponents[3 * models.length + model]!;
  const values = models.map(valuesOf);
  const powers = Array.from({ length: size }, (_, token) =>
    Math.exp(values.reduce((sum, model, index) => sum + exponentOf(index) * model[token]!, 0)),
  );
  const whole = powers.slice(otherToken).reduce((sum, value) => sum + value, 0);
  for (let token = otherToken; token < size; token++) {
    expect(Math.exp(mixed[token]! - logSumExp(mixed, 0, size))).toBeCloseTo(powers[token]! / whole, 6);
    expect(mixed[token]! - logSumExp(mixed, 0, size)).toBeCloseTo(Math.log(powers[token]! / whole), 4);
  }
});

it('learns along the slope of the surprise, in the rows that were used alone', () => {
  const models = [0, 1].map((shift) =>
    baseAlone(baseOfLogarithms(Float64Array.from({ length: size }, (_, token) => Math.sin(token + shift)))),
  );
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
