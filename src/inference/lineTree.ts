import { logSumExp } from '../text/metrics';
import { otherToken, tokenOf, tokenText } from '../text/vocabulary';
import type { DrawnLine, Mixing } from './drawnLine';
import type { Position } from './readPrefix';
import type { ModelSession } from './session';

/** What may follow the beginning of a line, and how probable it is. */
export interface Follower {
  readonly token: number;
  readonly probability: number;
}

/** The beginning of a line: its tokens, and the most probable ones to follow them. */
export interface Beginning {
  readonly drawn: readonly number[];
  /** Of each token given all before it. */
  readonly probabilities: readonly number[];
  /** Of all of them together. */
  readonly probability: number;
  /** The most probable first. Markers are none, and masked. */
  readonly followers: readonly Follower[];
  readonly position: Position;
  /** Those that were drawn from here, by the token that follows. */
  readonly longer: Map<number, Beginning>;
}

/** The beginnings of the rest of a line: whoever looks at one again does not ask the models again. */
export interface LineTree {
  /** The empty one. */
  readonly root: Beginning;
  /** A beginning with one of its followers, which is no end. */
  extend(from: Beginning, follower: Follower): Promise<Beginning>;
  /** What a follower does: a code point outside the vocabulary breaks the line off. */
  kindOf(follower: Follower): 'character' | 'end' | 'unknown';
  /** @param ends the line end that follows; undefined where the line is broken off */
  lineOf(beginning: Beginning, ends: Follower | undefined): DrawnLine;
}

/** Followers that are kept. */
const mostFollowers = 5;

/** @param mix asked once for each beginning */
export function createLineTree(session: ModelSession, start: Position, mix: Mixing): LineTree {
  const { vocabulary } = session;
  const lineEnds = [tokenOf(vocabulary, 0x0a), tokenOf(vocabulary, 0x0d)];

  function beginningAt(
    position: Position,
    drawn: readonly number[],
    probabilities: readonly number[],
    probability: number,
  ): Beginning {
    const mixed = mix(position.logits, drawn);
    const total = logSumExp(mixed, 0, vocabulary.size);
    const followers = largest(mixed).map((token) => ({ token, probability: Math.exp(mixed[token]! - total) }));
    return { drawn, probabilities, probability, followers, position, longer: new Map() };
  }

  return {
    root: beginningAt(start, [], [], 1),
    async extend(from, { token, probability }) {
      const known = from.longer.get(token);
      if (known !== undefined) return known;
      const { drawn, probabilities, position } = from;
      const next = await session.step(Int32Array.of(token), position.state);
      const product = from.probability * probability;
      const longer = beginningAt(next, [...drawn, token], [...probabilities, probability], product);
      from.longer.set(token, longer);
      return longer;
    },
    kindOf: ({ token }) => (token === otherToken ? 'unknown' : lineEnds.includes(token) ? 'end' : 'character'),
    lineOf: ({ drawn, probabilities, position }, ends) => ({
      characters: drawn.map((token) => tokenText(vocabulary, token)),
      probabilities,
      ends: ends?.probability,
      ...(ends && { state: position.state }),
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
