import type { Word } from './wordScanning';

/** A text as the words and signs that are compared: blanks and comments are left out. */
export interface WordSequence {
  /** Of the words: {@link hashOf}. */
  readonly codes: Int32Array;
  /** By number in the sequence: the word of the text. */
  readonly words: readonly Word[];
}

export function sequenceOf(text: string, words: readonly Word[]): WordSequence {
  const kept = words.filter(({ kind }) => kind !== 'layout' && kind !== 'comment');
  return { codes: Int32Array.from(kept, ({ start, end }) => hashOf(text, start, end)), words: kept };
}

/** FNV-1a of a part of a text. */
export function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}

/**
 * How many words before and behind a place have to be the same: on one side, and on both, from those that say little to those
 * that say much.
 */
export const surroundingGroups = {
  before: [
    [1, 0],
    [2, 0],
    [3, 0],
  ],
  behind: [
    [0, 1],
    [0, 2],
    [0, 3],
  ],
  around: [
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [number, number])[]>>;
export type SurroundingGroup = keyof typeof surroundingGroups;
export const groupNames = Object.keys(surroundingGroups) as readonly SurroundingGroup[];

const surroundingKinds = groupNames.flatMap(
  (group): readonly (readonly [number, number])[] => surroundingGroups[group],
);

/** What stands between the same words elsewhere: how often each, by {@link hashOf}. */
export interface Fillers {
  readonly counts: Map<number, number>;
  total: number;
}

/** By group, in its order. */
export type SurroundingFillers = Readonly<Record<SurroundingGroup, readonly (Fillers | undefined)[]>>;

/** Counts what stands in some surroundings in any number of texts, and nowhere else. */
export interface Surroundings {
  /** Wants to know of every surrounding of a place of a sequence. */
  want(codes: Int32Array, place: number): void;
  /** Counts what stands in the wanted ones. */
  count(codes: Int32Array): void;
  at(codes: Int32Array, place: number): SurroundingFillers;
}

export function createSurroundings(): Surroundings {
  const wanted = surroundingKinds.map(() => new Map<number, Fillers>());
  return {
    want(codes, place) {
      for (const [kind, fillers] of wanted.entries()) {
        const key = keyAt(codes, place, kind);
        if (!fillers.has(key)) fillers.set(key, { counts: new Map(), total: 0 });
      }
    },
    count(codes) {
      for (let place = 0; place < codes.length; place++) {
        for (const [kind, all] of wanted.entries()) {
          const fillers = all.get(keyAt(codes, place, kind));
          if (fillers !== undefined) addFiller(fillers, codes[place]!, 1);
        }
      }
    },
    at: (codes, place) => inGroups(wanted.map((all, kind) => all.get(keyAt(codes, place, kind)))),
  };
}

/** Of all surroundings of one text, where they stand in it. */
export type TextSurroundings = readonly ReadonlyMap<number, readonly number[]>[];

export function textSurroundings(codes: Int32Array): TextSurroundings {
  return surroundingKinds.map((_, kind) => {
    const places = new Map<number, number[]>();
    for (let place = 0; place < codes.length; place++) {
      const key = keyAt(codes, place, kind);
      const same = places.get(key);
      if (same === undefined) places.set(key, [place]);
      else same.push(place);
    }
    return places;
  });
}

/**
 * What stands in the surroundings of a place in its text.
 * @param line places `[from, to)`
 * @param elsewhere weight of each time outside the line
 * @param within weight of each time in the line
 */
export function fillersIn(
  text: TextSurroundings,
  codes: Int32Array,
  place: number,
  [from, to]: readonly [number, number],
  elsewhere: number,
  within: number,
): SurroundingFillers {
  return inGroups(
    text.map((places, kind) => {
      const fillers: Fillers = { counts: new Map(), total: 0 };
      for (const other of places.get(keyAt(codes, place, kind)) ?? []) {
        const weight = other < from || other >= to ? elsewhere : within;
        if (weight !== 0) addFiller(fillers, codes[other]!, weight);
      }
      return fillers;
    }),
  );
}

function addFiller(fillers: Fillers, code: number, weight: number): void {
  fillers.counts.set(code, (fillers.counts.get(code) ?? 0) + weight);
  fillers.total += weight;
}

function inGroups(fillers: readonly (Fillers | undefined)[]): SurroundingFillers {
  let from = 0;
  const groups = groupNames.map((group) => [group, fillers.slice(from, (from += surroundingGroups[group].length))]);
  return Object.fromEntries(groups) as SurroundingFillers;
}

/** 53 bits of the words around a place. */
function keyAt(codes: Int32Array, place: number, kind: number): number {
  const [before, behind] = surroundingKinds[kind]!;
  let low = 17;
  let high = 31;
  for (let at = place - before; at <= place + behind; at++) {
    if (at === place) continue;
    const code = codes[at] ?? 0;
    low = Math.imul(low ^ code, 0x9e3779b1);
    low ^= low >>> 15;
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return (low >>> 0) * 0x200000 + (high >>> 11);
}
