import { firstName, type CodeIndex } from './codeIndex';
import { unknownName, type Names } from './names';

/** How far two contexts are the same but for their names. */
export interface StructuralMatch {
  /** Code tokens before both places that match. */
  length: number;
  /** What these say: 1 for a name, 2 more for one that is rare and the same in both, 0.5 for a sign. */
  score: number;
  /** Names that differ, there and here, one after the other, the nearest to the place first. */
  readonly pairs: number[];
}

/** The match is overwritten by the next call. */
export type MatchStructure = (source: CodeIndex, place: number, own: CodeIndex) => StructuralMatch;

const longest = 40;
const nameScore = 1;
const sameNameScore = 2;
const signScore = 0.5;

/**
 * Compares what stands before a place with what stands before the end of `own`, from the last token backwards: signs are equal,
 * names correspond one to one, and those that differ are rare and of one shape. Ends at the first conflict.
 */
export function createStructuralMatching(names: Names): MatchStructure {
  let there = createBinding();
  let here = createBinding();
  let turn = 0;
  const match: StructuralMatch = { length: 0, score: 0, pairs: [] };

  return (source, place, own) => {
    const { frequent, shapes } = names;
    if (there.names.length < names.size) [there, here] = [grown(there, names.size), grown(here, names.size)];
    turn++;
    match.length = match.score = match.pairs.length = 0;
    const most = Math.min(longest, own.length, source.direction < 0 ? place : source.length - 1 - place);
    for (; match.length < most; match.length++) {
      const a = source.codes[place + source.direction * (match.length + 1)]!;
      const b = own.codes[own.length - 1 - match.length]!;
      if (a < firstName || b < firstName) {
        if (a !== b) break;
        match.score += signScore;
        continue;
      }
      const [x, y] = [a - firstName, b - firstName];
      if (x === unknownName || y === unknownName) break;
      if (there.turns[x] === turn || here.turns[y] === turn) {
        if (there.turns[x] !== turn || here.turns[y] !== turn || there.names[x] !== y) break;
      } else {
        if (x !== y) {
          if (frequent[x] === 1 || frequent[y] === 1 || shapes[x] !== shapes[y]) break;
          match.pairs.push(x, y);
        } else if (frequent[x] === 0) match.score += sameNameScore;
        bind(there, x, y, turn);
        bind(here, y, x, turn);
      }
      match.score += nameScore;
    }
    return match;
  };
}

/** The other name of each name, valid where its turn is the current one. */
interface Binding {
  readonly names: Int32Array;
  readonly turns: Uint32Array;
}

function createBinding(): Binding {
  return { names: new Int32Array(1024), turns: new Uint32Array(1024) };
}

function grown({ names, turns }: Binding, size: number): Binding {
  const larger = { names: new Int32Array(size * 2), turns: new Uint32Array(size * 2) };
  larger.names.set(names);
  larger.turns.set(turns);
  return larger;
}

function bind({ names, turns }: Binding, name: number, other: number, turn: number): void {
  names[name] = other;
  turns[name] = turn;
}
