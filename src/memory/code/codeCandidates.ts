import { otherToken } from '../../text/vocabulary';
import { chainNames, firstName, headOf, structuralLengths, type CodeIndex } from './codeIndex';
import type { CodeText } from './codeScanning';
import { contextHash } from './contextHashes';
import type { MatchStructure } from './structuralMatch';

/** A text whose places are looked at. */
export interface CodeSource {
  readonly index: CodeIndex;
  readonly text: CodeText;
  /** Characters of the text. */
  readonly characters: number;
  readonly isDocument: boolean;
  /** Characters that are left out. */
  readonly from: number;
  readonly to: number;
  /** Names of the file of a place and of the document's, unless they are the same. */
  readonly filePair: (start: number) => readonly number[];
}

/** A place whose continuation may be what comes next. */
export interface Candidate {
  readonly source: CodeSource;
  /** The code token that is written next, and the one where the continuation ends. */
  next: number;
  readonly end: number;
  /** Characters of the continuation that are known: as far as it was asked for. */
  reach: number;
  /** Where it begins in the text, and what it is instead where it is another one here than there. */
  first: number;
  changed: number[] | undefined;
  readonly level: number;
  /** Names there and here; undefined where names are not changed. */
  readonly pairs: readonly number[] | undefined;
  /** Where in it the first code token begins whose name is another one here than there. */
  renamedFrom: number;
}

/** Scores of a structural match from which on it has a level. */
const levelScores = [3, 5, 7, 9, 12, 16, 22, 30] as const;
const shortestMatch = 3;
/** Places of a structural chain that are looked at, fewer where longer contexts have matched, and of another chain. */
const structuralPlaces = 24;
const fewestPlaces = 8;
const sparsePlaces = 12;
/** Names of the document that are nearest to the cursor, and how many code tokens are passed for them. */
const nearestNames = 48;
const mostPassed = 400;
const mostSkipped = 256;

/**
 * The places that say what may come next at the end of a document's text before the cursor, the more the nearer and the more of
 * what stands before them is the same.
 */
export function gatherCandidates(
  sources: readonly CodeSource[],
  own: CodeIndex,
  ownText: CodeText,
  matchStructure: MatchStructure,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const source of sources) {
    addStructural(candidates, source, own, ownText, matchStructure);
    if (source.isDocument) addNearestNames(candidates, source);
    if (source.index.direction < 0) addSparse(candidates, source, own, ownText);
  }
  return candidates;
}

function addStructural(
  candidates: Candidate[],
  source: CodeSource,
  own: CodeIndex,
  ownText: CodeText,
  matchStructure: MatchStructure,
): void {
  const seen = new Set<number>();
  let found = 0;
  for (let chain = structuralLengths.length - 1; chain >= 0; chain--) {
    const hash = contextHash(own, ownText.names, ownText.kinds, own.length, chain);
    const most = Math.max(fewestPlaces, structuralPlaces - (found >> 1));
    followChain(source, chain, hash, most, (place) => {
      if (seen.has(place)) return true;
      seen.add(place);
      const { length, score, pairs: differing } = matchStructure(source.index, place, own);
      if (length < shortestMatch) return true;
      found++;
      let level = levelScores.length - 1;
      while (level > 0 && score < levelScores[level]!) level--;
      const ofFiles = source.filePair(source.index.starts[place]!);
      const pairs = differing.length === 0 ? ofFiles : [...differing, ...ofFiles];
      candidates.push(candidateAt(source, place, level, pairs));
      return true;
    });
  }
}

const sparseChains = Array.from(chainNames.keys()).slice(structuralLengths.length);

/** Levels of what is no structural match: names that stand near, then the chains. */
function addSparse(candidates: Candidate[], source: CodeSource, own: CodeIndex, ownText: CodeText): void {
  const { names, kinds } = ownText;
  for (const chain of sparseChains) {
    const hash = contextHash(own, names, kinds, own.length, chain);
    const level = 1 + chain - structuralLengths.length;
    followChain(source, chain, hash, sparsePlaces, (place) => {
      // Another context may have the same head.
      if (contextHash(source.index, names, source.text.kinds, place, chain) !== hash) return false;
      candidates.push(candidateAt(source, place, level, undefined));
      return true;
    });
  }
}

function addNearestNames(candidates: Candidate[], source: CodeSource): void {
  const { codes, length, direction } = source.index;
  let left = direction < 0 ? nearestNames : nearestNames / 2;
  for (let place = length - 1; place >= 0 && place >= length - mostPassed && left > 0; place--) {
    if (codes[place]! < firstName) continue;
    left--;
    candidates.push(candidateAt(source, place, 0, undefined));
  }
}

/**
 * Looks at the newest places of a chain, so many at most.
 * @param onPlace returns whether a place counts
 */
function followChain(
  { index, text, from, to }: CodeSource,
  chain: number,
  hash: number,
  most: number,
  onPlace: (place: number) => boolean,
): void {
  if (hash === 0) return;
  let next = index.heads[chain]![headOf(index, hash)]!;
  for (let [left, skipped] = [most, 0]; next > 0 && left > 0 && skipped < mostSkipped;) {
    const place = next - 1;
    next = index.previous[chain]![place]!;
    const start = index.starts[place]!;
    // A text that was replaced consists of markers.
    const isLeftOut = (start >= from && start < to) || text.tokens[start]! < otherToken;
    if (!isLeftOut && onPlace(place)) left--;
    else skipped++;
  }
}

function candidateAt(
  source: CodeSource,
  place: number,
  level: number,
  pairs: readonly number[] | undefined,
): Candidate {
  const end = source.index.direction < 0 ? source.index.length : -1;
  return { source, next: place, end, reach: 0, first: 0, changed: undefined, level, pairs, renamedFrom: Infinity };
}
