import { otherToken } from '../text/vocabulary';

/** What is expected where nothing was found. */
export interface PredictionBase {
  /** `[vocabulary]` */
  readonly probabilities: Float64Array;
  /** ln of them, `[vocabulary]`. */
  readonly logarithms: Float64Array;
  /** The smallest logarithm, markers left out. */
  least: number;
}

/** With room for {@link setSoftmax}. */
export function createPredictionBase(vocabularySize: number): PredictionBase {
  const [probabilities, logarithms] = [new Float64Array(vocabularySize), new Float64Array(vocabularySize)];
  return { probabilities, logarithms, least: -Infinity };
}

export function baseOfProbabilities(probabilities: Float64Array): PredictionBase {
  const logarithms = probabilities.map(Math.log);
  return { probabilities, logarithms, least: logarithms.subarray(otherToken).reduce((a, b) => Math.min(a, b)) };
}

/** The softmax of the logits of one position, markers left out of its sum. @param logits holds `[vocabulary]` values from `offset` on */
export function setSoftmax(base: PredictionBase, logits: Float32Array, offset: number): void {
  const { probabilities, logarithms } = base;
  const size = probabilities.length;
  let [largest, least, sum] = [-Infinity, Infinity, 0];
  for (let token = otherToken; token < size; token++) {
    const logit = logits[offset + token]!;
    if (logit > largest) largest = logit;
    if (logit < least) least = logit;
  }
  for (let token = 0; token < size; token++) {
    const power = Math.exp(logits[offset + token]! - largest);
    probabilities[token] = power;
    if (token >= otherToken) sum += power;
  }
  const total = largest + Math.log(sum);
  for (let token = 0; token < size; token++) {
    probabilities[token]! /= sum;
    logarithms[token] = logits[offset + token]! - total;
  }
  base.least = least - total;
}

/** A distribution over the next token, in logarithms: tokens that followed a match, and all others as a base has them. */
export interface Prediction {
  readonly base: PredictionBase;
  /** ln of what a token that followed no match has, times its probability in the base. */
  readonly rest: number;
  /** Tokens that followed a match, and ln of their probabilities. */
  readonly size: number;
  readonly tokens: Int32Array;
  readonly logarithms: Float64Array;
}

/** What the memory excludes has at least this: ln 1e-9. */
export const floor = -20.7;

const none = { rest: 0, size: 0, tokens: new Int32Array(0), logarithms: new Float64Array(0) };

/** The base itself. */
export function baseAlone(base: PredictionBase): Prediction {
  return { base, ...none };
}

/** ln of all probabilities, `[vocabulary]`; markers as the base has them. */
export function logProbabilities(
  { base, rest, size, tokens, logarithms }: Prediction,
  out: Float32Array | Float64Array,
): void {
  if (size === 0) {
    out.set(base.logarithms);
    return;
  }
  for (let token = 0; token < out.length; token++) {
    out[token] = Math.max(floor, rest + base.logarithms[token]!);
  }
  for (let slot = 0; slot < size; slot++) out[tokens[slot]!] = logarithms[slot]!;
}
