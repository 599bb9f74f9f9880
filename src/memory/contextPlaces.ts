import { isOfName } from '../text/nameCharacters';
import { otherToken, tokenOf, tokenText } from '../text/vocabulary';
import { firstCandidates, longestMatch, matchLength } from './textChains';
import type { WorkspaceMemory } from './workspaceMemory';

/** A place in the workspace. */
export interface WorkspacePlace {
  /** As in the corpus. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** Places that are looked at, at most. */
const mostLooked = 20_000;

/**
 * Where in the workspace a context goes on with a word, those first that agree with more of the context.
 * @param context its last tokens count
 * @param least so many of its last tokens have to be the same
 * @param word its tokens; where it ends in a letter, none may follow
 * @param leftOut path of a document that is not looked at
 */
export function placesInContext(
  { vocabulary, chains, ranges }: WorkspaceMemory,
  context: Int32Array,
  least: number,
  word: Int32Array,
  leftOut: string,
): WorkspacePlace[] {
  const wanted = Math.min(longestMatch, Math.max(chains.lengths[0]!, least));
  const heads = new Uint32Array(chains.lengths.length);
  firstCandidates(chains, context, context.length, heads);
  const chain = chains.lengths.findLastIndex((length) => length <= wanted);
  const found: { readonly at: number; readonly length: number }[] = [];
  let next = heads[chain]!;
  for (let looked = 0; next > 0 && looked < mostLooked; looked++) {
    const at = next - 1;
    next = chains.previous[chain]![at]!;
    const length = matchLength(chains, at, context, context.length);
    if (length >= wanted && goesOn(at)) found.push({ at, length });
  }
  const held = [...ranges].filter(([path]) => path !== leftOut);
  return found
    .sort((a, b) => b.length - a.length)
    .flatMap(({ at }) => {
      const document = held.find(([, { from, to }]) => from <= at && at < to);
      return document === undefined ? [] : [{ path: document[0], line: lineAt(document[1].from, at) }];
    });

  function goesOn(at: number): boolean {
    if (!word.every((token, index) => chains.tokens[at + index] === token)) return false;
    const after = chains.tokens[at + word.length]!;
    return !(isOfWord(word.at(-1)!) && at + word.length < chains.length && isOfWord(after));
  }

  function isOfWord(token: number): boolean {
    return token > otherToken && isOfName(tokenText(vocabulary, token));
  }

  function lineAt(from: number, at: number): number {
    const lineFeed = tokenOf(vocabulary, 0x0a);
    let line = 1;
    for (let index = from; index < at; index++) if (chains.tokens[index] === lineFeed) line++;
    return line;
  }
}
