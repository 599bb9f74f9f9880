import { logSumExp } from '../text/metrics';
import { otherToken } from '../text/vocabulary';
import { floor, logProbabilities, type Prediction, type PredictionBase } from './prediction';

/** A log-linear mixture of distributions: p ∝ Π p_i ^ w_i. */
export interface Mixture {
  /**
   * ln of the mixture up to a constant, `[vocabulary]`; overwritten by the next call.
   * @param rows of the exponents, which are added
   */
  mix(models: readonly Prediction[], rows: readonly number[]): Float32Array;
  /** One step of gradient descent of the surprise at the token that came, after {@link mix}. */
  learn(token: number, rate: number): void;
}

/** What is less probable moves no exponent. */
const negligible = 1e-7;

/** @param exponents `[rows, models]`, changed in place by learning */
export function createMixture(exponents: Float64Array, vocabularySize: number): Mixture {
  const mixed = new Float32Array(vocabularySize);
  const sums = new Float64Array(vocabularySize);
  /** Of each model, written out for learning alone. */
  const values: Float64Array[] = [];
  let models: readonly Prediction[] = [];
  let rows: readonly number[] = [];

  function exponentOf(model: number): number {
    let sum = 0;
    for (const row of rows) sum += exponents[row * models.length + model]!;
    return sum;
  }

  return {
    mix(nextModels, nextRows) {
      [models, rows] = [nextModels, nextRows];
      sums.fill(0);
      const shares = new Map<PredictionBase, number>();
      for (const [index, model] of models.entries()) {
        const exponent = exponentOf(index);
        if (exponent === 0) continue;
        // Where the floor holds nothing up, all other tokens are as the base has them but for a constant, which a mixture may leave out.
        if (isHeldUp(model)) addOthers(sums, model, exponent);
        else shares.set(model.base, (shares.get(model.base) ?? 0) + exponent);
        addMatched(sums, model, exponent);
      }
      for (const [base, share] of shares) addBase(sums, base, share);
      mixed.set(sums);
      return mixed;
    },
    learn(came, rate) {
      const total = logSumExp(mixed, 0, vocabularySize);
      for (const [index, model] of models.entries()) {
        logProbabilities(model, (values[index] ??= new Float64Array(vocabularySize)));
      }
      const slopes = values.map((model) => model[came]!);
      for (let token = otherToken; token < vocabularySize; token++) {
        const probability = Math.exp(mixed[token]! - total);
        if (probability < negligible) continue;
        for (let index = 0; index < values.length; index++) slopes[index]! -= probability * values[index]![token]!;
      }
      for (const row of rows) {
        for (const [index, slope] of slopes.entries()) exponents[row * models.length + index]! += rate * slope;
      }
    },
  };
}

function addBase(sums: Float64Array, { logarithms }: PredictionBase, exponent: number): void {
  for (let token = 0; token < sums.length; token++) sums[token]! += exponent * logarithms[token]!;
}

function isHeldUp({ base, rest, size }: Prediction): boolean {
  return size > 0 && rest + base.least < floor;
}

function addOthers(sums: Float64Array, { base, rest }: Prediction, exponent: number): void {
  for (let token = 0; token < sums.length; token++) {
    sums[token]! += exponent * Math.max(floor, rest + base.logarithms[token]!);
  }
}

/** What tokens that followed a match have more than they would have without one. */
function addMatched(sums: Float64Array, { base, rest, size, tokens, logarithms }: Prediction, exponent: number): void {
  for (let slot = 0; slot < size; slot++) {
    const token = tokens[slot]!;
    const without = Math.max(floor, rest + base.logarithms[token]!);
    sums[token]! += exponent * (logarithms[slot]! - without);
  }
}

/** How fast exponents follow at the beginning of a fit, and at its end: so many would not settle at one rate. */
const [fastest, slowest] = [0.0005, 0.00003];

/** The rate of {@link Mixture.learn}, which falls geometrically. @param progress of the fit, from 0 to 1 */
export function exponentRate(progress: number): number {
  return fastest * (slowest / fastest) ** Math.min(1, progress);
}
