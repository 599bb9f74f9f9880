import type { Fillers } from './surroundings';

/** What a word's surroundings elsewhere say of it. */
export interface FillerChance {
  /** −log2 of its probability. */
  readonly bits: number;
  /** log2 of how much more probable the most probable word is; 0 where this is it. */
  readonly behind: number;
  /** That word, by `hashOf`, and how often it stood in the nearest surroundings that were seen. */
  readonly best: number | undefined;
  readonly places: number;
  /** Times that the nearest surroundings were seen at all. */
  readonly seen: number;
}

const mostCandidates = 48;

/**
 * Blends what stands in the same surroundings, the narrower ones over the wider ones, by Witten and Bell's estimate of what is
 * new, from those that say least to those that say most: p(w) ← (count + distinct · p(w)) / (total + distinct).
 * @param frequency of the word in file and workspace, one for each word that is asked about
 */
export function fillerChance(
  fillers: readonly (Fillers | undefined)[],
  code: number,
  frequency: (code: number) => number,
): FillerChance {
  const levels = fillers.filter((level): level is Fillers => level !== undefined && level.total > 0);
  const probability = (word: number): number => {
    let p = frequency(word);
    for (const level of levels) {
      const distinct = level.counts.size;
      p = ((level.counts.get(word) ?? 0) + distinct * p) / (level.total + distinct);
    }
    return p;
  };
  const own = probability(code);
  let [best, most] = [code, own];
  for (const candidate of candidatesIn(levels)) {
    const p = probability(candidate);
    if (p > most) [best, most] = [candidate, p];
  }
  const nearest = levels.at(-1);
  return {
    bits: -Math.log2(own),
    behind: Math.log2(most / own),
    best: best === code ? undefined : best,
    places: nearest?.counts.get(best) ?? 0,
    seen: nearest?.total ?? 0,
  };
}

function candidatesIn(levels: readonly Fillers[]): Set<number> {
  const candidates = new Set<number>();
  for (const level of levels.toReversed()) {
    for (const code of level.counts.keys()) {
      if (candidates.size >= mostCandidates) return candidates;
      candidates.add(code);
    }
  }
  return candidates;
}
