/** Numbers of code tokens from here on are names (identifiers, keywords, numbers); signs have their vocabulary token's. */
export const firstName = 0x200000;

/** Tokens of context of the structural chains: see `structuralHash`. */
export const structuralLengths = [4, 8, 14] as const;
/** Chains of a text that stands forwards; one that stands backwards has the structural ones alone. */
export const chainNames = ['shape 4', 'shape 8', 'shape 14', 'opened', 'line above', 'argument'] as const;

/** The names and signs of a text, in chains by what stands before them: heads and previous places, newest first. */
export interface CodeIndex {
  /** -1: the text stands forwards. 1: backwards, its last character first, so that it can grow at its start. */
  readonly direction: -1 | 1;
  length: number;
  /** Raised by everything that is added or taken back. */
  changes: number;
  /** `[length]`: which name or sign each is. */
  codes: Int32Array;
  /** `[length]`: where in the array of the text the first of its characters stands that was added. */
  starts: Int32Array;
  /**
   * `[length + 1]`, forwards only, of each and of the one to come: the first one of its line; the bracket it stands in, or else
   * what begins the line that it is indented under ({@link blockAt}), or -1.
   */
  lineFirst: Int32Array;
  opener: Int32Array;
  /** log2 of the number of heads. */
  readonly bits: number;
  /** By chain and hash: 1 + the newest place, 0 where there is none. */
  readonly heads: readonly Uint32Array[];
  /** By chain and place: 1 + the next older place with the same head. */
  previous: Uint32Array[];
}

export function createCodeIndex(direction: -1 | 1, bits: number, capacity = 256): CodeIndex {
  const chains = direction < 0 ? chainNames.length : structuralLengths.length;
  return {
    direction,
    length: 0,
    changes: 0,
    codes: new Int32Array(capacity),
    starts: new Int32Array(capacity),
    lineFirst: new Int32Array(direction < 0 ? capacity : 0),
    opener: new Int32Array(direction < 0 ? capacity : 0).fill(-1),
    bits,
    heads: Array.from({ length: chains }, () => new Uint32Array(2 ** bits)),
    previous: Array.from({ length: chains }, () => new Uint32Array(capacity)),
  };
}

/** Makes room for so many code tokens and the one to come; for half as many again as there is room for, where that is more. */
export function makeRoomFor(index: CodeIndex, length: number): void {
  if (length < index.codes.length) return;
  const capacity = Math.max(length + 1, Math.ceil(index.codes.length * 1.5));
  const larger = (from: Int32Array): Int32Array => {
    const to = new Int32Array(capacity);
    to.set(from);
    return to;
  };
  index.codes = larger(index.codes);
  index.starts = larger(index.starts);
  if (index.direction < 0) [index.lineFirst, index.opener] = [larger(index.lineFirst), larger(index.opener)];
  index.previous = index.previous.map((from) => {
    const to = new Uint32Array(capacity);
    to.set(from);
    return to;
  });
}

/** Where a hash has its head. */
export function headOf({ bits }: CodeIndex, hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
}

/** What begins the line that a token is indented under, by its entry in `opener`; below 0 where there is none or it stands in a bracket. */
export function blockAt(opener: number): number {
  return opener < -1 ? -2 - opener : -1;
}

/** The entry in `opener` of what is indented under a line: see {@link blockAt}. */
export function openerOfBlock(block: number): number {
  return block < 0 ? -1 : -2 - block;
}
