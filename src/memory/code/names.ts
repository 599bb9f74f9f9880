import { digit, hyphen, joint, upperCase, type CharacterKinds } from './characterKinds';

/**
 * All names that were ever seen, by number. Flat arrays: they may hold hundreds of thousands, and pass from one thread to
 * another without being copied.
 */
export interface Names {
  size: number;
  /** Vocabulary tokens of all names, one after the other. */
  letters: Uint16Array | Uint32Array;
  /** `[size + 1]`: where each begins in `letters`. */
  starts: Uint32Array;
  /** `[size]`: see {@link shapeOf}. */
  shapes: Uint8Array;
  /** `[size]`: 1 for those that are so frequent in the workspace that they stand for themselves alone. */
  frequent: Uint8Array;
  /** 1 + the name, at the first free place from its hash on; a power of two of them. */
  slots: Uint32Array;
}

/** Every name that found no room, or is too long to be one: equal to no name, itself included. */
export const unknownName = 0;

const longestName = 128;
const mostNames = 2 ** 20;

export function createNames(vocabularySize: number): Names {
  return {
    size: 1,
    letters: vocabularySize <= 0x10000 ? new Uint16Array(4096) : new Uint32Array(4096),
    starts: new Uint32Array(513),
    shapes: new Uint8Array(512),
    frequent: new Uint8Array(512),
    slots: new Uint32Array(1024),
  };
}

/**
 * The number of a name, a new one where it was never seen.
 * @param first position of its first letter in the text
 * @param step from each letter to the next one
 */
export function numberOf(
  names: Names,
  kinds: CharacterKinds,
  text: ArrayLike<number>,
  first: number,
  length: number,
  step: -1 | 1 = 1,
): number {
  if (length > longestName || length === 0) return unknownName;
  const { slots } = names;
  let slot = hashOf(text, first, length, step) & (slots.length - 1);
  for (; slots[slot]! > 0; slot = (slot + 1) & (slots.length - 1)) {
    const name = slots[slot]! - 1;
    if (isWritten(names, name, text, first, length, step)) return name;
  }
  if (names.size === mostNames) return unknownName;
  return add(names, kinds, text, first, length, step);
}

/** Letters of a name. */
export function lengthOf({ starts }: Names, name: number): number {
  return starts[name + 1]! - starts[name]!;
}

/** Vocabulary tokens of a name; a view. */
export function lettersOf({ letters, starts }: Names, name: number): Uint16Array | Uint32Array {
  return letters.subarray(starts[name], starts[name + 1]);
}

function isWritten(
  { letters, starts }: Names,
  name: number,
  text: ArrayLike<number>,
  first: number,
  length: number,
  step: number,
): boolean {
  const from = starts[name]!;
  if (starts[name + 1]! - from !== length) return false;
  for (let index = 0; index < length; index++) if (letters[from + index] !== text[first + step * index]) return false;
  return true;
}

function add(
  names: Names,
  kinds: CharacterKinds,
  text: ArrayLike<number>,
  first: number,
  length: number,
  step: number,
): number {
  const name = names.size;
  const from = names.starts[name]!;
  makeRoom(names, from + length);
  for (let index = 0; index < length; index++) names.letters[from + index] = text[first + step * index]!;
  names.starts[name + 1] = from + length;
  names.shapes[name] = shapeOf(kinds, names.letters, from, from + length);
  names.size++;
  place(names, name);
  return name;
}

/** 0: begins in lower case or with no letter, 1: with a capital, 2: two or more and no small letter, 3: a number. */
function shapeOf(kinds: CharacterKinds, letters: ArrayLike<number>, from: number, to: number): number {
  let start = from;
  while (start < to && isJoint(kinds[letters[start]!])) start++;
  const first = kinds[letters[start]!];
  if (start === to) return 0;
  if (first === digit) return 3;
  if (first !== upperCase) return 0;
  for (let index = start; index < to; index++) {
    const kind = kinds[letters[index]!];
    if (kind !== upperCase && kind !== digit && !isJoint(kind)) return 1;
  }
  return to - start > 1 ? 2 : 1;
}

function isJoint(kind: number | undefined): boolean {
  return kind === joint || kind === hyphen;
}

function makeRoom(names: Names, letters: number): void {
  if (letters > names.letters.length) {
    const larger = names.letters instanceof Uint16Array ? Uint16Array : Uint32Array;
    const grown = new larger(Math.max(letters, names.letters.length * 2));
    grown.set(names.letters);
    names.letters = grown;
  }
  if (names.size < names.shapes.length) return;
  const capacity = names.shapes.length * 2;
  const grow = <Values extends Uint8Array | Uint32Array>(to: Values, from: Values): Values => {
    to.set(from);
    return to;
  };
  names.starts = grow(new Uint32Array(capacity + 1), names.starts);
  names.shapes = grow(new Uint8Array(capacity), names.shapes);
  names.frequent = grow(new Uint8Array(capacity), names.frequent);
  names.slots = new Uint32Array(capacity * 2);
  for (let name = 1; name < names.size; name++) place(names, name);
}

function place({ letters, starts, slots }: Names, name: number): void {
  const from = starts[name]!;
  let slot = hashOf(letters, from, starts[name + 1]! - from, 1) & (slots.length - 1);
  while (slots[slot]! > 0) slot = (slot + 1) & (slots.length - 1);
  slots[slot] = name + 1;
}

function hashOf(text: ArrayLike<number>, first: number, length: number, step: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < length; index++) hash = Math.imul(hash ^ text[first + step * index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
