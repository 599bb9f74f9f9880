import { matchLevels, type MatchCounts } from '../src/memory/matchCounts';

/** Counts of every token after every context of the lengths in `matchLevels`: nothing is left out, nothing is newest. */
export interface ExactCounts {
  add(tokens: Int32Array): void;
  /** Adds what followed the context, as matches of exactly each length. */
  readonly collect: (counts: MatchCounts, context: Int32Array, end: number) => void;
  bytes(): number;
}

const tableBits = 25;
const levels = matchLevels.length;

/** @param tokens most that will be added */
export function createExactCounts(tokens: number): ExactCounts {
  const keys = new Uint32Array(2 ** tableBits);
  const firstEdges = new Uint32Array(2 ** tableBits);
  const edgeTokens = new Uint16Array(tokens * levels + 1);
  const edgeCounts = new Uint32Array(tokens * levels + 1);
  const nextEdges = new Uint32Array(tokens * levels + 1);
  let edges = 1;
  let contexts = 0;
  const hashes = new Uint32Array(levels);

  function hashAll(context: Int32Array, end: number): number {
    let hash = 0;
    let level = 0;
    for (let back = 0; level < levels && back < Math.min(end, 32); back++) {
      hash = (Math.imul(hash ^ (context[end - 1 - back]! + 1), 0x9e3779b1) ^ (hash >>> 15)) | 0;
      if (back + 1 === matchLevels[level]) hashes[level++] = Math.imul(hash ^ level, 0x85ebca6b) | 1;
    }
    return level;
  }

  /** Open addressing; where the key is, or a free place. */
  function find(key: number): number {
    let place = Math.imul(key, 0xc2b2ae35) >>> (32 - tableBits);
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) & (2 ** tableBits - 1);
    return place;
  }

  function increment(place: number, token: number): void {
    let edge = firstEdges[place]!;
    while (edge > 0 && edgeTokens[edge] !== token) edge = nextEdges[edge]!;
    if (edge === 0) {
      edge = edges++;
      edgeTokens[edge] = token;
      nextEdges[edge] = firstEdges[place]!;
      firstEdges[place] = edge;
    }
    edgeCounts[edge]! += 1;
  }

  return {
    add(text) {
      for (let end = 3; end < text.length; end++) {
        const known = hashAll(text, end);
        for (let level = 0; level < known; level++) {
          const place = find(hashes[level]!);
          if (keys[place] === 0) contexts++;
          keys[place] = hashes[level]!;
          increment(place, text[end]!);
        }
      }
    },
    collect(counts, context, end) {
      const known = hashAll(context, end);
      for (let level = 0; level < known; level++) {
        for (let edge = firstEdges[find(hashes[level]!)]!; edge > 0; edge = nextEdges[edge]!) {
          const token = edgeTokens[edge]!;
          let slot = counts.tokens.subarray(0, counts.size).indexOf(token);
          if (slot < 0) {
            slot = counts.size++;
            counts.tokens[slot] = token;
            counts.slots[token] = slot;
          }
          counts.weights[slot * levels + level]! += edgeCounts[edge]!;
          // They were counted with the shorter ones too.
          if (level > 0) counts.weights[slot * levels + level - 1]! -= edgeCounts[edge]!;
        }
      }
    },
    // Tables as large as they must be at three quarters full.
    bytes: () => (contexts / 0.75) * 8 + edges * 10,
  };
}
