import { comma, type CharacterKinds } from './characterKinds';
import { blockAt, firstName, structuralLengths, type CodeIndex } from './codeIndex';
import type { Names } from './names';

/** Told apart from the numbers of names and signs: names by their shape, names by their distance. */
const shapeBase = 0x20000000;
const distanceBase = 0x30000000;
/** Commas are counted so far back. */
const longestArguments = 48;

/**
 * Hash of the shape of the tokens before a place: signs and frequent names by their number, other names by their shape, or,
 * where the same name stands nearer to the place, by the tokens between (parameterised matching, Baker 1993, in a window).
 * 0 where fewer stand there.
 */
export function structuralHash(index: CodeIndex, { frequent, shapes }: Names, place: number, length: number): number {
  const { codes, direction } = index;
  if (direction < 0 ? place < length : place + length >= index.length) return 0;
  let hash = length;
  for (let back = 1; back <= length; back++) {
    const code = codes[place + direction * back]!;
    let part = code + 1;
    if (code >= firstName && frequent[code - firstName] === 0) {
      part = shapeBase + shapes[code - firstName]!;
      for (let nearer = 1; nearer < back; nearer++) {
        if (codes[place + direction * nearer] !== code) continue;
        part = distanceBase + back - nearer;
        break;
      }
    }
    hash = mixed(hash, part);
  }
  return hash || 1;
}

/** Of a text that stands forwards: the context of a place as a chain has it, 0 where there is none. */
export function contextHash(
  index: CodeIndex,
  names: Names,
  kinds: CharacterKinds,
  place: number,
  chain: number,
): number {
  const length = structuralLengths[chain];
  if (length !== undefined) return structuralHash(index, names, place, length);
  return otherHashes[chain - structuralLengths.length]!(index, place, kinds);
}

/** Of the chains behind the structural ones. */
const otherHashes = [openedHash, lineAboveHash, argumentHash] as const;

/** The bracket that a place stands in and what stands before that, or else the line that it is indented under; and the last token. */
function openedHash(index: CodeIndex, place: number): number {
  const open = index.opener[place]!;
  const block = blockAt(open);
  if (block >= 0) return mixed(mixed(4500, codeAt(index, block)), codeAt(index, place - 1)) || 1;
  if (open < 0) return 0;
  return mixed(mixed(mixed(4000, codeAt(index, open)), codeAt(index, open - 1)), codeAt(index, place - 1)) || 1;
}

/** The first two tokens of the line above, how many stand on the own line, and the last one. */
function lineAboveHash(index: CodeIndex, place: number): number {
  const first = index.lineFirst[place]!;
  if (first === 0) return 0;
  const above = index.lineFirst[first - 1]!;
  const begin = mixed(mixed(5000, codeAt(index, above)), above + 1 < first ? codeAt(index, above + 1) : 0);
  return mixed(mixed(begin, place - first), codeAt(index, place - 1)) || 1;
}

/** The bracket that a place stands in, what stands before that, and which of its arguments this is. */
function argumentHash(index: CodeIndex, place: number, kinds: CharacterKinds): number {
  const open = index.opener[place]!;
  if (open < 0) return 0;
  let commas = 0;
  for (let back = place - 1; back > open && back > place - longestArguments; back--) {
    const code = index.codes[back]!;
    if (code < firstName && kinds[code] === comma && index.opener[back] === open) commas++;
  }
  return mixed(mixed(mixed(7000, codeAt(index, open)), codeAt(index, open - 1)), commas) || 1;
}

function codeAt({ codes }: CodeIndex, place: number): number {
  return place < 0 ? 0 : codes[place]!;
}

function mixed(hash: number, part: number): number {
  hash = Math.imul(hash ^ part, 0x01000193);
  return hash ^ (hash >>> 15);
}
