import { logSumExp } from '../text/metrics';
import { otherToken, tokenOf, tokenText } from '../text/vocabulary';
import type { DrawnLine, Mixing } from './drawnLine';
import type { Position } from './readPrefix';
import type { ModelSession, State } from './session';

/** What may follow the beginning of a line, and how probable it is. */
export interface Follower {
  readonly token: number;
  readonly probability: number;
}

/** Where a beginning of a line leads to. */
export interface LineNode {
  readonly state: State;
  /** The most probable first. Markers are none, and masked. */
  readonly followers: readonly Follower[];
  /** Those that were drawn, by the token that leads to them. */
  readonly longer: Map<number, LineNode>;
}

/** The beginning of a line. */
export interface Beginning {
  readonly drawn: readonly number[];
  /** Of each token given all before it. */
  readonly probabilities: readonly number[];
  /** Of all of them together. */
  readonly probability: number;
  readonly node: LineNode;
}

/** The beginnings of the rest of a line: whoever looks at one again does not ask the models again. */
export interface LineTree {
  /** The empty one. */
  readonly root: Beginning;
  /**
   * A beginning with one of its followers, which is no end.
   * @returns undefined where it was aborted
   */
  extend(from: Beginning, follower: Follower): Promise<Beginning | undefined>;
  /** What a follower does: a code point outside the vocabulary breaks the line off. */
  kindOf(follower: Follower): 'character' | 'end' | 'unknown';
  /** @param ends the line end that follows; undefined where the line is broken off */
  lineOf(beginning: Beginning, ends: Follower | undefined): DrawnLine;
}

/** Followers that are kept. */
const mostFollowers = 5;

/** The network alone. */
export const unmixed: Mixing = (logits) => logits;

/** Where nothing is drawn yet. */
export function rootAt({ state, logits }: Position, mix: Mixing): LineNode {
  return nodeOf(state, mix(logits, []));
}

function nodeOf(state: State, logits: Float32Array): LineNode {
  const total = logSumExp(logits, 0, logits.length);
  const followers = largest(logits).map((token) => ({ token, probability: Math.exp(logits[token]! - total) }));
  return { state, followers, longer: new Map() };
}

/**
 * @param root where the line begins: a new one, or one that an earlier tree has led to, with all that was drawn behind it
 * @param mix asked once for each new beginning, with the tokens since this root
 */
export function createLineTree(session: ModelSession, root: LineNode, mix: Mixing, signal: AbortSignal): LineTree {
  const { vocabulary } = session;
  const lineEnds = [tokenOf(vocabulary, 0x0a), tokenOf(vocabulary, 0x0d)];

  async function nodeBehind(node: LineNode, drawn: readonly number[]): Promise<LineNode | undefined> {
    const token = drawn.at(-1)!;
    const known = node.longer.get(token);
    if (known !== undefined) return known;
    const { state, logits } = await session.step(Int32Array.of(token), node.state);
    // For a newer request the memory may stand elsewhere by now: what it says would stay in the tree.
    if (signal.aborted) return undefined;
    const longer = nodeOf(state, mix(logits, drawn));
    node.longer.set(token, longer);
    return longer;
  }

  return {
    root: { drawn: [], probabilities: [], probability: 1, node: root },
    async extend(from, { token, probability }) {
      const drawn = [...from.drawn, token];
      const node = await nodeBehind(from.node, drawn);
      if (node === undefined) return undefined;
      const probabilities = [...from.probabilities, probability];
      return { drawn, probabilities, probability: from.probability * probability, node };
    },
    kindOf: ({ token }) => (token === otherToken ? 'unknown' : lineEnds.includes(token) ? 'end' : 'character'),
    lineOf: ({ drawn, probabilities, node }, ends) => ({
      characters: drawn.map((token) => tokenText(vocabulary, token)),
      probabilities,
      ends: ends?.probability,
      ...(ends && { state: node.state }),
    }),
  };
}

/** The tokens with the largest logits, the largest first, the first one where several have it. */
function largest(logits: Float32Array): number[] {
  const best: number[] = [];
  for (let token = otherToken; token < logits.length; token++) {
    let at = best.length;
    while (at > 0 && logits[token]! > logits[best[at - 1]!]!) at--;
    if (at === mostFollowers) continue;
    best.splice(at, 0, token);
    if (best.length > mostFollowers) best.pop();
  }
  return best;
}
