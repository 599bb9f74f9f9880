/** Context lengths that have a chain each, in tokens (docs/experiments.md compares others). */
const chainLengths = [3, 6, 14] as const;
/** Longer matches are not told apart. */
export const longestMatch = 32;

/** Positions of a text by the tokens before them: hash chains as in LZ77 compressors, newest first. */
export interface TextChains {
  /** -1: tokens stand in the order of the text. 1: the last token of the text comes first, so that text can grow at its start. */
  readonly direction: -1 | 1;
  /** Context lengths that have a chain each, ascending. */
  readonly lengths: readonly number[];
  /** log2 of the number of heads. */
  readonly bits: number;
  /** Tokens in the order in which they were added. */
  tokens: Uint16Array | Uint32Array;
  length: number;
  /** By chain and hash: 1 + the newest position, 0 where there is none. */
  readonly heads: readonly Uint32Array[];
  /** By chain and position: 1 + the next older position with the same hash, 0 at the end. */
  previous: Uint32Array[];
}

const multiplier = 0x01000193;
const golden = 0x9e3779b1;
const powers = Uint32Array.from({ length: 14 }, () => 1);
for (let power = 1; power < powers.length; power++) powers[power] = Math.imul(powers[power - 1]!, multiplier);

/**
 * An index without text.
 * @param vocabularySize tokens are below it; up to 65,536 each takes two bytes
 * @param capacity tokens that fit before it has to grow
 */
export function createTextChains(
  direction: -1 | 1,
  vocabularySize: number,
  bits: number,
  capacity: number,
  lengths: readonly number[] = chainLengths,
): TextChains {
  return {
    direction,
    lengths,
    bits,
    tokens: vocabularySize <= 0x10000 ? new Uint16Array(capacity) : new Uint32Array(capacity),
    length: 0,
    heads: lengths.map(() => new Uint32Array(2 ** bits)),
    previous: lengths.map(() => new Uint32Array(capacity)),
  };
}

/** Adds a token at the growing end of the text: behind it, or before it where the text stands backwards. */
export function addToken(chains: TextChains, token: number): void {
  if (chains.length === chains.tokens.length) grow(chains);
  const at = chains.length++;
  chains.tokens[at] = token;
  let hash = 0;
  for (let chain = 0, from = 0; chain < chains.lengths.length; chain++) {
    const length = chains.lengths[chain]!;
    if (at < length) return;
    const position = completedAt(chains, at, length);
    hash = hashOn(chains, position, hash, from, length);
    from = rememberedLength(chains, length);
    const heads = chains.heads[chain]!;
    const head = Math.imul(hash, golden) >>> (32 - chains.bits);
    chains.previous[chain]![position] = heads[head]!;
    heads[head] = position + 1;
  }
}

/** Takes back the last {@link addToken}: afterwards the index is as if it had never been. */
export function removeToken(chains: TextChains): void {
  const at = --chains.length;
  let hash = 0;
  for (let chain = 0, from = 0; chain < chains.lengths.length; chain++) {
    const length = chains.lengths[chain]!;
    if (at < length) return;
    const position = completedAt(chains, at, length);
    hash = hashOn(chains, position, hash, from, length);
    from = rememberedLength(chains, length);
    chains.heads[chain]![Math.imul(hash, golden) >>> (32 - chains.bits)] = chains.previous[chain]![position]!;
  }
}

/** The position whose context of a length is complete once the token at `at` is there. */
function completedAt({ direction }: TextChains, at: number, length: number): number {
  return direction < 0 ? at : at - length;
}

/** Forwards all contexts end at the same place: the hash of the next longer one goes on from the last. */
function rememberedLength({ direction }: TextChains, length: number): number {
  return direction < 0 ? length : 0;
}

/** Σ (token + 1) · multiplier^back over the tokens before a position, from `from` tokens before it to `length`. */
function hashOn(
  { tokens, direction }: TextChains,
  position: number,
  hash: number,
  from: number,
  length: number,
): number {
  if (from === 0) hash = 0;
  for (let back = from; back < length; back++) {
    hash = (hash + Math.imul(tokens[position + direction * (back + 1)]! + 1, powers[back]!)) | 0;
  }
  return hash;
}

/** By chain: the newest position, plus 1, after what may be the last `lengths[chain]` tokens of a context; 0 where there is none. */
export function firstCandidates(chains: TextChains, context: Int32Array, end: number, into: Uint32Array): void {
  let hash = 0;
  let back = 0;
  for (let chain = 0; chain < chains.lengths.length; chain++) {
    const length = chains.lengths[chain]!;
    for (; back < Math.min(length, end); back++) {
      hash = (hash + Math.imul(context[end - 1 - back]! + 1, powers[back]!)) | 0;
    }
    into[chain] = end < length ? 0 : chains.heads[chain]![Math.imul(hash, golden) >>> (32 - chains.bits)]!;
  }
}

/** How many tokens before a position are the last ones of a context; {@link longestMatch} at most. */
export function matchLength(
  { tokens, direction, length }: TextChains,
  position: number,
  context: Int32Array,
  end: number,
): number {
  const most = Math.min(longestMatch, end, direction > 0 ? length - 1 - position : position);
  let match = 0;
  while (match < most && tokens[position + direction * (match + 1)] === context[end - 1 - match]) match++;
  return match;
}

function grow(chains: TextChains): void {
  const capacity = Math.max(1024, Math.ceil(chains.tokens.length * 1.5));
  const tokens = chains.tokens instanceof Uint16Array ? new Uint16Array(capacity) : new Uint32Array(capacity);
  tokens.set(chains.tokens);
  chains.tokens = tokens;
  chains.previous = chains.previous.map((positions) => {
    const larger = new Uint32Array(capacity);
    larger.set(positions);
    return larger;
  });
}

/** Makes room for so many tokens behind the text. */
export function makeRoom(chains: TextChains, more: number): void {
  while (chains.tokens.length < chains.length + more) grow(chains);
}
