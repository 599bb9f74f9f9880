/**
 * A mask that keeps each unit with probability 1 - rate and scales it by 1 / (1 - rate), so that sums keep their mean
 * (Srivastava et al. 2014). Drawn by xorshift32 (Marsaglia 2003): the same seed gives the same mask everywhere.
 * @param rate in [0, 1)
 */
export function dropoutMask(size: number, rate: number, seed: number): Float32Array {
  const mask = new Float32Array(size);
  const threshold = Math.round(rate * 2 ** 31);
  // Looked up by a sign instead of branched on: no processor guesses them right.
  const keptOrDropped = Float32Array.of(1 / (1 - rate), 0);
  // Spread by a multiplication, since neighbouring seeds give xorshift similar first numbers; 0 is its only bad state.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  for (let index = 0; index < size; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    mask[index] = keptOrDropped[((state >>> 1) - threshold) >>> 31]!;
  }
  return mask;
}
