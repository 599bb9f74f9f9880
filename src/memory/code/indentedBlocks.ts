import { colon, hyphen, lineEnd, type CharacterKinds } from './characterKinds';
import { blockAt, firstName, type CodeIndex } from './codeIndex';

/** Lines above that are looked at for one that says how far it is indented. */
const mostLines = 16;

/**
 * What begins the line that the token after the one at `at` is indented under, outside of brackets; -1: none. A line says how
 * far it is indented by its first token; before that, it is taken to go on where the line above it was.
 */
export function blockBehind(index: CodeIndex, kinds: CharacterKinds, at: number): number {
  const block = blockAt(index.opener[at]!);
  const margin = marginOf(index, kinds, index.lineFirst[at]!);
  if (margin === at) return blockOf(index, kinds, at);
  const opens = kindAt(index, kinds, at) === lineEnd && at > 0 && kindAt(index, kinds, at - 1) === colon;
  return opens && margin >= 0 ? margin : block;
}

/** What shows how far a line is indented: a name or the mark of a list, which begins it; -1 where something else does. */
function marginOf(index: CodeIndex, kinds: CharacterKinds, first: number): number {
  if (first >= index.length || index.opener[first]! >= 0) return -1;
  return index.codes[first]! >= firstName || kindAt(index, kinds, first) === hyphen ? first : -1;
}

/** The nearest line above that is indented less. */
function blockOf(index: CodeIndex, kinds: CharacterKinds, margin: number): number {
  const { lineFirst, opener } = index;
  const column = columnOf(index, margin);
  let end = lineFirst[margin]! - 1;
  for (let left = mostLines; left > 0 && end >= 0; left--) {
    const above = marginOf(index, kinds, lineFirst[end]!);
    if (above >= 0) {
      let block = above;
      while (block >= 0 && columnOf(index, block) >= column) block = blockAt(opener[block + 1]!);
      return block;
    }
    end = lineFirst[end]! - 1;
  }
  return -1;
}

/** Characters between the start of its line and a token. */
function columnOf({ starts, lineFirst }: CodeIndex, place: number): number {
  const end = lineFirst[place]! - 1;
  return starts[place]! - (end < 0 ? 0 : starts[end]! + 1);
}

function kindAt({ codes }: CodeIndex, kinds: CharacterKinds, place: number): number | undefined {
  return codes[place]! < firstName ? kinds[codes[place]!] : undefined;
}
