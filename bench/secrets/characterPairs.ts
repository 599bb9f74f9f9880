/** Counts of pairs of characters in the words and names of code: what `src/corpus/secrets/characterPairs.json` is made of. */
const symbols = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0_-/+=';
const written = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * The surprise of each character after each other in quarters of a bit, in base 62; the last row is that of what begins a token.
 * Every token counts once, and a little more where it is frequent.
 */
export function characterPairs(texts: Iterable<string>): { symbols: string; quarterBits: string[] } {
  const tokens = new Map<string, number>();
  for (const text of texts) {
    for (const [token] of text.matchAll(/[\w+/=-]{4,}/g)) tokens.set(token, (tokens.get(token) ?? 0) + 1);
  }
  const counts = Array.from({ length: symbols.length + 1 }, () => new Float64Array(symbols.length).fill(0.5));
  for (const [token, count] of tokens) {
    let row = symbols.length;
    for (const character of token) {
      const column = symbols.indexOf(/\d/.test(character) ? '0' : character);
      counts[row]![column]! += 1 + Math.log(count);
      row = column;
    }
  }
  return { symbols, quarterBits: counts.map(rowOf) };
}

function rowOf(counts: Float64Array): string {
  const sum = counts.reduce((total, count) => total + count, 0) - 0.5 * counts.length + 0.5 * symbols.length;
  const digits = Array.from(counts, (count, column) => {
    // The ten digits share a column.
    const bits = -Math.log2(count / sum) + (symbols[column] === '0' ? Math.log2(10) : 0);
    return written[Math.min(written.length - 1, Math.max(0, Math.round(bits * 4)))]!;
  });
  return digits.join('');
}
