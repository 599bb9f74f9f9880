import { logSumExp, surpriseNats } from '../text/metrics';
import { otherToken, outsideCount, type Vocabulary } from '../text/vocabulary';

/** How surprising each code point of a text is, in order. */
export interface CharacterSurprise {
  /** −log2 of the probability of what stands there. */
  readonly bits: Float64Array;
  /** The surprise that was expected there: entropy of the whole distribution, in bits. */
  readonly entropy: Float64Array;
  /** −log2 of the probability of the most likely character. */
  readonly least: Float64Array;
}

export function emptySurprise(codePoints: number): CharacterSurprise {
  return {
    bits: new Float64Array(codePoints),
    entropy: new Float64Array(codePoints),
    least: new Float64Array(codePoints),
  };
}

/**
 * Notes how surprising the code point at a place was.
 * @param logits what was expected there: `[vocabulary]` values from `offset` on
 */
export function noteSurprise(
  surprise: CharacterSurprise,
  at: number,
  vocabulary: Vocabulary,
  logits: Float32Array,
  offset: number,
  token: number,
): void {
  const { entropy, least } = expectationOf(vocabulary, logits, offset);
  surprise.bits[at] = surpriseNats(vocabulary, logits, offset, token) / Math.LN2;
  surprise.entropy[at] = entropy;
  surprise.least[at] = least;
}

/** What the distribution over code points behind the logits of one position expects. */
export interface Expectation {
  /** In bits: the mean surprise where the distribution is right. */
  readonly entropy: number;
  /** −log2 of the probability of the most likely code point that has a token, in bits. */
  readonly least: number;
}

/**
 * Entropy of the distribution over all code points: softmax without the markers, 'other' spread evenly over the code points
 * outside the vocabulary, as `surpriseNats` has it.
 * @param logits holds `[vocabulary]` values from `offset` on
 */
export function expectationOf(vocabulary: Vocabulary, logits: Float32Array, offset: number): Expectation {
  const { size } = vocabulary;
  const total = logSumExp(logits, offset, size);
  const other = logits[offset + otherToken]! - total;
  let nats = Math.exp(other) * Math.log(outsideCount(vocabulary));
  let largest = -Infinity;
  for (let token = otherToken; token < size; token++) {
    const logarithm = logits[offset + token]! - total;
    if (logarithm > largest && token !== otherToken) largest = logarithm;
    if (logarithm > -100) nats -= Math.exp(logarithm) * logarithm;
  }
  return { entropy: nats / Math.LN2, least: -largest / Math.LN2 };
}
