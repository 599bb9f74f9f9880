import type { Random } from '../core/random';
import { firstCodePointToken } from './vocabulary';

/** The token with the largest logit, the first one where several have it. */
function largestToken(logits: Float32Array, firstToken: number): number {
  let best = firstToken;
  for (let token = firstToken + 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}

/**
 * A token drawn from softmax(logits / temperature) over the code points of the vocabulary; the most probable one at
 * temperature 0.
 */
export function drawToken(logits: Float32Array, temperature: number, random: Random): number {
  const best = largestToken(logits, firstCodePointToken);
  if (temperature === 0) return best;
  const weights = Array.from(logits.subarray(firstCodePointToken), (logit) =>
    Math.exp((logit - logits[best]!) / temperature),
  );
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave a rest after the last one.
  return index < 0 ? best : index + firstCodePointToken;
}
