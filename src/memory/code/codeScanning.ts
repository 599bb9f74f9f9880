import { blank, closer, fileStart, hyphen, isOfName, lineEnd, opener, type CharacterKinds } from './characterKinds';
import { firstName, headOf, makeRoomFor, openerOfBlock, structuralLengths, type CodeIndex } from './codeIndex';
import { blockBehind } from './indentedBlocks';
import { contextHash, structuralHash } from './contextHashes';
import { lengthOf, numberOf, unknownName, type Names } from './names';

/** A text and how it is read. */
export interface CodeText {
  /** In the order of the index: its direction. */
  tokens: Uint16Array | Uint32Array;
  readonly kinds: CharacterKinds;
  /** Whether its blocks are shown by indentation alone. */
  readonly indented: boolean;
  readonly names: Names;
}

/**
 * Finds what is complete between two places of the text, a name only where another character follows.
 * @param onToken told the code of each and where it begins
 * @param most so many are found at most
 * @returns where to go on; `to` where nothing more is complete
 */
export function scanCode(
  { tokens, kinds, names }: CodeText,
  direction: -1 | 1,
  from: number,
  to: number,
  onToken: (code: number, start: number) => void,
  most = Infinity,
): number {
  let at = from;
  for (let found = 0; at < to && found < most;) {
    const kind = kinds[tokens[at]!]!;
    if (kind === blank) {
      at++;
      continue;
    }
    found++;
    if (!isOfName(kind)) {
      onToken(tokens[at]!, at);
      at++;
      continue;
    }
    const end = nameEnd(tokens, kinds, at, to);
    if (end === to) return to;
    if (kind === hyphen && end === at + 1) {
      onToken(tokens[at]!, at);
      at = end;
      continue;
    }
    const first = direction < 0 ? at : end - 1;
    onToken(firstName + numberOf(names, kinds, tokens, first, end - at, direction < 0 ? 1 : -1), at);
    at = end;
  }
  return at;
}

function nameEnd(tokens: CodeText['tokens'], kinds: CharacterKinds, at: number, most: number): number {
  let end = at + 1;
  while (end < most && isOfName(kinds[tokens[end]!]!)) end++;
  return end;
}

/** Adds a code token at the growing end. */
export function addCode(index: CodeIndex, text: CodeText, code: number, start: number): void {
  const { names, kinds } = text;
  const at = index.length;
  makeRoomFor(index, at + 1);
  index.codes[at] = code;
  index.starts[at] = start;
  index.length++;
  index.changes++;
  for (let chain = 0; chain < index.heads.length; chain++) {
    const place = placeCompletedBy(index, at, chain);
    if (place < 0) continue;
    const hash = hashAt(index, names, kinds, place, chain);
    const heads = index.heads[chain]!;
    const head = headOf(index, hash);
    index.previous[chain]![place] = hash === 0 ? 0 : heads[head]!;
    if (hash !== 0) heads[head] = place + 1;
  }
  if (index.direction < 0) describeNext(index, text, at);
}

/** Takes back the last {@link addCode}: afterwards the index is as if it had never been. */
export function removeCode(index: CodeIndex, { names, kinds }: CodeText): void {
  const at = index.length - 1;
  for (let chain = 0; chain < index.heads.length; chain++) {
    const place = placeCompletedBy(index, at, chain);
    if (place < 0) continue;
    const hash = hashAt(index, names, kinds, place, chain);
    if (hash !== 0) index.heads[chain]![headOf(index, hash)] = index.previous[chain]![place]!;
  }
  index.length--;
  index.changes++;
}

/** The place whose context of a chain is complete once the token at `at` is there; below 0: none. */
function placeCompletedBy({ direction }: CodeIndex, at: number, chain: number): number {
  return direction < 0 ? at : at - structuralLengths[chain]!;
}

function hashAt(index: CodeIndex, names: Names, kinds: CharacterKinds, place: number, chain: number): number {
  if (index.direction < 0) return contextHash(index, names, kinds, place, chain);
  return structuralHash(index, names, place, structuralLengths[chain]!);
}

/** What holds for the token after the one at `at`. */
function describeNext(index: CodeIndex, { kinds, indented }: CodeText, at: number): void {
  const code = index.codes[at]!;
  const kind = code < firstName ? kinds[code]! : 0;
  const next = at + 1;
  const open = index.opener[at]!;
  index.lineFirst[next] = kind === lineEnd || kind === fileStart ? next : index.lineFirst[at]!;
  if (kind === fileStart) index.opener[next] = -1;
  else if (kind === opener) index.opener[next] = at;
  else if (kind === closer && open >= 0) index.opener[next] = index.opener[open]!;
  else index.opener[next] = indented && open < 0 ? openerOfBlock(blockBehind(index, kinds, at)) : open;
}

/** Where what is no token yet begins in the text. */
export function scannedTo(index: CodeIndex, text: CodeText): number {
  const last = index.length - 1;
  return last < 0 ? 0 : index.starts[last]! + lengthAt(index, text, last);
}

/** Characters of a code token. */
export function lengthAt({ codes, starts }: CodeIndex, { tokens, kinds, names }: CodeText, place: number): number {
  const code = codes[place]!;
  if (code < firstName) return 1;
  if (code - firstName !== unknownName) return lengthOf(names, code - firstName);
  const start = starts[place]!;
  return nameEnd(tokens, kinds, start, tokens.length) - start;
}

/** Takes back all that is not complete within the first characters. */
export function truncateCode(index: CodeIndex, text: CodeText, characters: number): void {
  while (index.length > 0) {
    const last = index.length - 1;
    const code = index.codes[last]!;
    const isName = code >= firstName || text.kinds[code] === hyphen;
    // Of a name that found no number the end may be overwritten: it begins before it.
    if (index.starts[last]! < characters) {
      const end = index.starts[last]! + lengthAt(index, text, last);
      if (end < characters || (end === characters && !isName)) return;
    }
    removeCode(index, text);
  }
}

/**
 * Brings an index to the first `characters` of a text, of which the first `same` are what they were last time.
 * @param most adds so many code tokens at most
 * @returns whether all are there
 */
export function bringUpTo(
  index: CodeIndex,
  text: CodeText,
  same: number,
  characters: number,
  most = Infinity,
): boolean {
  truncateCode(index, text, same);
  const add = (code: number, start: number): void => addCode(index, text, code, start);
  return scanCode(text, index.direction, scannedTo(index, text), characters, add, most) >= characters;
}
