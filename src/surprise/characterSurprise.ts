import { exponential } from '../text/exponential';
import { otherNats } from '../text/metrics';
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
  const { nats, entropy, least } = expectationOf(vocabulary, logits, offset);
  surprise.bits[at] = (nats - logits[offset + token]! + otherNats(vocabulary, token)) / Math.LN2;
  surprise.entropy[at] = entropy;
  surprise.least[at] = least;
}

/** What the distribution over code points behind the logits of one position expects. */
export interface Expectation {
  /** In bits: the mean surprise where the distribution is right. */
  readonly entropy: number;
  /** −log2 of the probability of the most likely code point that has a token, in bits. */
  readonly least: number;
  /** What a code point with a token of its own, and the logit 0, would surprise by, in nats: ln Σ exp of the logits. */
  readonly nats: number;
}

/**
 * Entropy of the distribution over all code points: softmax without the markers, 'other' spread evenly over the code points
 * outside the vocabulary, as `surpriseNats` has it.
 * @param logits holds `[vocabulary]` values from `offset` on
 */
export function expectationOf(vocabulary: Vocabulary, logits: Float32Array, offset: number): Expectation {
  const end = offset + vocabulary.size;
  const other = logits[offset + otherToken]!;
  let likeliest = -Infinity;
  for (let index = offset + otherToken + 1; index < end; index++) likeliest = Math.max(likeliest, logits[index]!);
  const largest = Math.max(likeliest, other);
  // One exponential for each token: this is asked for every character of a document.
  let [sum, weighted] = [0, 0];
  for (let index = offset + otherToken; index < end; index++) {
    const below = logits[index]! - largest;
    const weight = exponential(below);
    if (weight === 0) continue;
    sum += weight;
    weighted += weight * below;
  }
  const total = Math.log(sum);
  const spread = Math.exp(other - largest - total) * Math.log(outsideCount(vocabulary));
  return {
    entropy: (total - weighted / sum + spread) / Math.LN2,
    least: (total + largest - likeliest) / Math.LN2,
    nats: total + largest,
  };
}
