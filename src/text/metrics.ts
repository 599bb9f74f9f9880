import type { Tokens } from './tokens';
import { otherToken, outsideCount, type Vocabulary } from './vocabulary';

/** Mean surprise of a text under a model. */
export interface Quality {
  /** Mean cross-entropy per character, in nats. */
  readonly nats: number;
  readonly bitsPerCharacter: number;
  readonly perplexity: number;
}

/** All three figures from the mean cross-entropy in nats: perplexity = exp(nats), bits = nats / ln 2. */
export function qualityOf(nats: number): Quality {
  return { nats, bitsPerCharacter: nats / Math.LN2, perplexity: Math.exp(nats) };
}

/** The uniform distribution over the tokens: its perplexity is the size of the vocabulary. */
export function uniformBaseline(vocabulary: Vocabulary): Quality {
  return qualityOf(Math.log(vocabulary.size));
}

/**
 * The cross-entropy on `validation` of the relative frequencies of the tokens in `training`, one added to each count
 * (Laplace), 'other' spread over all code points outside the vocabulary as the network's is.
 */
export function unigramBaseline(
  vocabulary: Vocabulary,
  training: Iterable<Tokens>,
  validation: Iterable<Tokens>,
): Quality {
  const counts = new Float64Array(vocabulary.size).fill(1, otherToken);
  for (const tokens of training) for (const token of tokens) counts[token]! += 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let nats = 0;
  let characters = 0;
  for (const tokens of validation) {
    for (const token of tokens) nats -= Math.log(counts[token]! / total) - otherNats(vocabulary, token);
    characters += tokens.length;
  }
  return qualityOf(nats / characters);
}

/** ln of the number of code points that share the token's probability: above 0 for 'other' only. */
export function otherNats(vocabulary: Vocabulary, token: number): number {
  return token === otherToken ? Math.log(outsideCount(vocabulary)) : 0;
}

/**
 * -ln p(token), in nats, of the code point behind a token, given the logits of one position: softmax without the two
 * markers, 'other' spread evenly over the code points outside the vocabulary.
 * @param logits holds `[vocabulary]` values from `offset` on
 */
export function surpriseNats(vocabulary: Vocabulary, logits: Float32Array, offset: number, token: number): number {
  return logSumExp(logits, offset, vocabulary.size) - logits[offset + token]! + otherNats(vocabulary, token);
}

/** ln Σ exp of the logits of one position, markers left out. */
export function logSumExp(logits: Float32Array, offset: number, size: number): number {
  let largest = -Infinity;
  for (let token = otherToken; token < size; token++) largest = Math.max(largest, logits[offset + token]!);
  let sum = 0;
  for (let token = otherToken; token < size; token++) sum += Math.exp(logits[offset + token]! - largest);
  return largest + Math.log(sum);
}
