import { logSumExp } from '../text/metrics';
import { otherToken } from '../text/vocabulary';

/** A log-linear mixture of distributions: p ∝ Π p_i ^ w_i. */
export interface Mixture {
  /**
   * ln of the mixture up to a constant, `[vocabulary]`; overwritten by the next call.
   * @param models ln of the probabilities of each model, `[vocabulary]`
   * @param rows of the exponents, which are added
   */
  mix(models: readonly Float32Array[], rows: readonly number[]): Float32Array;
  /** One step of gradient descent of the surprise at the token that came, after {@link mix}. */
  learn(token: number, rate: number): void;
}

/** What is less probable moves no exponent. */
const negligible = 1e-7;

/** @param exponents `[rows, models]`, changed in place by learning */
export function createMixture(exponents: Float64Array, vocabularySize: number): Mixture {
  const mixed = new Float32Array(vocabularySize);
  let models: readonly Float32Array[] = [];
  let rows: readonly number[] = [];

  function exponentOf(model: number): number {
    let sum = 0;
    for (const row of rows) sum += exponents[row * models.length + model]!;
    return sum;
  }

  return {
    mix(nextModels, nextRows) {
      [models, rows] = [nextModels, nextRows];
      mixed.fill(0);
      for (const [index, model] of models.entries()) {
        const exponent = exponentOf(index);
        if (exponent === 0) continue;
        for (let token = 0; token < vocabularySize; token++) mixed[token]! += exponent * model[token]!;
      }
      return mixed;
    },
    learn(came, rate) {
      const total = logSumExp(mixed, 0, vocabularySize);
      const slopes = models.map((model) => model[came]!);
      for (let token = otherToken; token < vocabularySize; token++) {
        const probability = Math.exp(mixed[token]! - total);
        if (probability < negligible) continue;
        for (let index = 0; index < models.length; index++) slopes[index]! -= probability * models[index]![token]!;
      }
      for (const row of rows) {
        for (const [index, slope] of slopes.entries()) exponents[row * models.length + index]! += rate * slope;
      }
    },
  };
}

/** How fast exponents follow at the beginning of a fit, and at its end: so many would not settle at one rate. */
const [fastest, slowest] = [0.0005, 0.00003];

/** The rate of {@link Mixture.learn}, which falls geometrically. @param progress of the fit, from 0 to 1 */
export function exponentRate(progress: number): number {
  return fastest * (slowest / fastest) ** Math.min(1, progress);
}
