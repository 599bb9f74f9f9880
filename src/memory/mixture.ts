import { logSumExp } from '../core/metrics';
import { otherToken } from '../core/vocabulary';

/** A log-linear mixture of distributions: p ∝ Π p_i ^ w_i. */
export interface Mixture {
  /**
   * ln of the mixture up to a constant, `[vocabulary]`; overwritten by the next call.
   * @param models ln of the probabilities of each model, `[vocabulary]`; four at most
   * @param rows of the exponents, which are added
   */
  mix(models: readonly Float32Array[], rows: readonly number[]): Float32Array;
  /** One step of gradient descent of the surprise at the token that came, after {@link mix}. */
  learn(token: number): void;
}

const learningRate = 0.001;

/** @param exponents `[rows, models]`, changed in place by learning */
export function createMixture(exponents: Float64Array, vocabularySize: number): Mixture {
  const mixed = new Float32Array(vocabularySize);
  const none = new Float32Array(vocabularySize);
  let models: readonly Float32Array[] = [];
  let rows: readonly number[] = [];

  return {
    mix(nextModels, nextRows) {
      [models, rows] = [nextModels, nextRows];
      const [first = none, second = none, third = none, fourth = none] = models;
      const [a = 0, b = 0, c = 0, d = 0] = models.map((_, index) =>
        rows.reduce((sum, row) => sum + exponents[row * models.length + index]!, 0),
      );
      for (let token = 0; token < vocabularySize; token++) {
        mixed[token] = a * first[token]! + b * second[token]! + c * third[token]! + d * fourth[token]!;
      }
      return mixed;
    },
    learn(came) {
      const total = logSumExp(mixed, 0, vocabularySize);
      const slopes = models.map((model) => model[came]!);
      for (let token = otherToken; token < vocabularySize; token++) {
        const probability = Math.exp(mixed[token]! - total);
        for (const [index, model] of models.entries()) slopes[index]! -= probability * model[token]!;
      }
      for (const row of rows) {
        for (const [index, slope] of slopes.entries()) exponents[row * models.length + index]! += learningRate * slope;
      }
    },
  };
}
