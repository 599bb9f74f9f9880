import { isOfName } from '../text/nameCharacters';
import { tokenText, type Vocabulary } from '../text/vocabulary';
import type { Beginning, Follower, LineTree } from './lineTree';
import { createPacer } from './readPrefix';

/** A word that may stand at a place, and how probable it is there. */
export interface LikelyWord {
  readonly text: string;
  readonly probability: number;
}

/** Beginnings that are looked at, at most. */
const mostBeginnings = 96;
/** Less probable words are not told. */
const leastProbability = 0.01;

/**
 * The words that are most probable at the start of a tree, the most probable first; a sign is a word of its own. The most
 * probable beginning is followed first, so that none is missed that is more probable than those that are found.
 * @param count so many at most
 */
export async function likelyWords(
  vocabulary: Vocabulary,
  tree: LineTree,
  signal: AbortSignal,
  count: number,
): Promise<LikelyWord[]> {
  const words: LikelyWord[] = [];
  const open: { readonly from: Beginning; readonly follower: Follower; readonly probability: number }[] = [];
  const pace = createPacer();
  const isOfWord = ({ token }: Follower): boolean => isOfName(tokenText(vocabulary, token));
  const textOf = ({ drawn }: Beginning): string => drawn.map((token) => tokenText(vocabulary, token)).join('');

  function look(beginning: Beginning): void {
    const isStart = beginning.drawn.length === 0;
    let ends = 0;
    for (const follower of beginning.node.followers) {
      if (tree.kindOf(follower) === 'unknown') continue;
      const probability = beginning.probability * follower.probability;
      if (tree.kindOf(follower) === 'character' && isOfWord(follower))
        open.push({ from: beginning, follower, probability });
      else if (!isStart) ends += probability;
      else if (tree.kindOf(follower) === 'character') add(tokenText(vocabulary, follower.token), probability);
    }
    if (ends > 0) add(textOf(beginning), ends);
  }

  function add(text: string, probability: number): void {
    if (text.trim() !== '' && probability >= leastProbability) words.push({ text, probability });
  }

  look(tree.root);
  for (let looked = 0; looked < mostBeginnings; looked++) {
    open.sort((a, b) => a.probability - b.probability);
    words.sort((a, b) => b.probability - a.probability);
    const next = open.pop();
    if (next === undefined || next.probability < (words[count - 1]?.probability ?? leastProbability)) break;
    await pace();
    const longer = await tree.extend(next.from, next.follower);
    signal.throwIfAborted();
    if (longer !== undefined) look(longer);
  }
  return words.sort((a, b) => b.probability - a.probability).slice(0, count);
}
