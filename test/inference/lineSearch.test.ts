import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { createVocabulary, endOfHeader, otherToken, startOfFile, tokenOf } from '../../src/text/vocabulary';
import type { DrawnLine } from '../../src/inference/drawnLine';
import { drawLine, drawLineAhead, drawSeveral } from '../../src/inference/lineSearch';
import { createLineTree, rootAt, unmixed, type LineTree } from '../../src/inference/lineTree';
import type { Position } from '../../src/inference/readPrefix';
import { zeroState, type ModelSession } from '../../src/inference/session';
import { randomWeights } from '../onnx/randomWeights';
import { constantWeights, never, openRoundedSession, openSession, vocabulary } from './testSession';

const token = (character: string): number => tokenOf(vocabulary, character.codePointAt(0)!);
const start = async (session: ModelSession): ReturnType<ModelSession['run']> =>
  session.run(Int32Array.of(startOfFile), 1, zeroState(session.model));

describe('drawing the rest of a line', () => {
  it('takes the most probable character every time', async () => {
    const session = await openSession();
    let { logits, state } = await start(session);
    const line = await drawLine(session, { logits, state }, { maxCharacters: 12, signal: never });
    for (const [index, character] of line!.characters.entries()) {
      const characters = logits.slice(otherToken);
      const best = Math.max(...characters);
      expect(logits[token(character)]).toBe(best);
      const total = characters.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expect(line!.probabilities[index]).toBeCloseTo(Math.exp(best) / total, 5);
      ({ logits, state } = await session.run(Int32Array.of(token(character)), 1, state));
    }
    expect(line!.characters.length).toBeGreaterThan(0);
  });

  it.each([
    {
      name: 'ends at a line end, with its probability',
      logits: { [token('\n')]: 5, [token('a')]: 1 },
      length: 0,
      ends: true,
    },
    {
      name: 'stops where a code point outside the vocabulary wins',
      logits: { [otherToken]: 5 },
      length: 0,
      ends: false,
    },
    {
      name: 'masks markers and stops at the longest length',
      logits: { [startOfFile]: 9, [endOfHeader]: 9, [token('a')]: 5 },
      length: 7,
      ends: false,
    },
  ])('$name', async ({ logits, length, ends }) => {
    const session = await openSession(constantWeights(logits));
    const line = await drawLine(session, await start(session), { maxCharacters: 7, signal: never });
    expect(line!.characters).toEqual(Array(length).fill('a'));
    expect(line!.ends !== undefined).toBe(ends);
    for (const probability of line!.probabilities) {
      // 97 characters and 'other' share the rest: the two markers have no part in it.
      expect(probability).toBeCloseTo(Math.exp(5) / (Math.exp(5) + vocabulary.size - 3), 5);
    }
  });

  it.each([1, 2, 3])(
    'by rounded steps takes characters that are the most probable ones but for rounding (%i)',
    async (seed) => {
      const weights = randomWeights({ cell: 'lstm', hidden: 64, layers: 1, embedding: 8 }, vocabulary.size, seed);
      const session = await openRoundedSession(weights);
      const begin = await start(session);
      const line = await drawLine(session, begin, { maxCharacters: 40, signal: never });
      let { logits, state } = begin;
      for (const character of line!.characters) {
        const [least, most] = [Math.min(...logits), Math.max(...logits.slice(otherToken))];
        expect(most - logits[token(character)]!).toBeLessThan(0.1 * (most - least));
        // What the float32 graph says after the same characters.
        ({ logits, state } = await session.run(Int32Array.of(token(character)), 1, state));
      }
      expect(line!.characters.length).toBeGreaterThan(3);
    },
  );

  it('gives way to a newer request', async () => {
    const session = await openSession();
    expect(
      await drawLine(session, await start(session), { maxCharacters: 20, signal: AbortSignal.abort() }),
    ).toBeUndefined();
  });
});

/** Three letters and the line end, as probable as a seed has it after all that came before. */
const letters = createVocabulary([0x0a, 0x61, 0x62, 0x63]);
function logitsAfter(seed: number, drawn: number): Float32Array {
  const random = createRandom((seed + drawn * 7919) >>> 0);
  return Float32Array.from({ length: letters.size }, (_, index) => (index < otherToken ? 9 : 2 * random.normal()));
}

/** A network whose state is the number that its characters make. */
async function openLetters(seed: number): Promise<{ session: ModelSession; begin: Position; steps: () => number }> {
  let steps = 0;
  const step: ModelSession['step'] = (ids, state) => {
    steps++;
    const drawn = state[0]![0]! * 8 + ids[0]!;
    return Promise.resolve({ logits: logitsAfter(seed, drawn), state: [Float32Array.of(drawn)] });
  };
  const session: ModelSession = { ...(await openSession()), vocabulary: letters, step };
  const begin = { logits: logitsAfter(seed, 1), state: [Float32Array.of(1)] };
  return { session, begin, steps: () => steps };
}

function treeOf(session: ModelSession, begin: Position, signal = never, mix = unmixed): LineTree {
  return createLineTree(session, rootAt(begin, mix), mix, signal);
}

/** Probability of each line of so many letters at most, the empty one left out. */
function allLines(seed: number, mostLetters: number): Map<string, number> {
  const lines = new Map<string, number>();
  const follow = (text: string, drawn: number, probability: number): void => {
    const logits = logitsAfter(seed, drawn).slice(otherToken);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const at = (code: number): number => {
      const next = tokenOf(letters, code);
      return (probability * Math.exp(logits[next - otherToken]!)) / total;
    };
    if (text !== '') lines.set(text, at(0x0a));
    if (text.length === mostLetters) return;
    for (const letter of 'abc') {
      const code = letter.charCodeAt(0);
      follow(text + letter, drawn * 8 + tokenOf(letters, code), at(code));
    }
  };
  follow('', 1, 1);
  return lines;
}

const textOf = ({ characters }: DrawnLine): string => characters.join('');
const probabilityOf = ({ probabilities, ends = 0 }: DrawnLine): number => probabilities.reduce((a, b) => a * b, ends);

/** What of a line is as probable as that: beginnings of the greedy one, and whole lines. */
function likelyParts(line: DrawnLine, least: number): string[] {
  const greedy = line.alternative ?? line;
  const beginnings = greedy.characters.map((_, index) => {
    const probability = greedy.probabilities.slice(0, index + 1).reduce((a, b) => a * b, 1);
    return probability >= least ? greedy.characters.slice(0, index + 1).join('') : '';
  });
  const wholes = [line, greedy].map((one) => (probabilityOf(one) >= least ? `${textOf(one)}\n` : ''));
  return [...beginnings, ...wholes].filter((part) => part !== '');
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);
const maxCharacters = 5;

describe('looking ahead', () => {
  it('finds a line that is more probable than the greedy one, wherever it says so, and keeps that', async () => {
    let better = 0;
    for (const seed of seeds) {
      const { session, begin } = await openLetters(seed);
      const greedy = (await drawLine(session, begin, { maxCharacters, signal: never }))!;
      const line = (await drawLineAhead(treeOf(session, begin), maxCharacters))!;
      if (line.alternative === undefined) {
        expect(line).toEqual(greedy);
        continue;
      }
      better++;
      expect(line.alternative).toEqual(greedy);
      expect(probabilityOf(line)).toBeGreaterThan(probabilityOf(greedy));
      expect(probabilityOf(line)).toBeCloseTo(allLines(seed, maxCharacters).get(textOf(line))!, 5);
    }
    expect(better).toBeGreaterThan(5);
  });

  it('finds the most probable line nearly always', async () => {
    let [found, looked] = [0, 0];
    for (const seed of seeds) {
      const { session, begin } = await openLetters(seed);
      const line = (await drawLineAhead(treeOf(session, begin), maxCharacters))!;
      const most = Math.max(...allLines(seed, maxCharacters).values());
      // Less probable ones are not looked for.
      if (most < 1.1e-3) continue;
      looked++;
      if (probabilityOf(line) > 0.9999 * most) found++;
    }
    expect(looked).toBeGreaterThan(20);
    expect(found).toBeGreaterThan(0.9 * looked);
  });

  it('costs nothing where the greedy line is more probable than all others together', async () => {
    const sure = new Float32Array(letters.size);
    sure[tokenOf(letters, 0x0a)] = 9;
    const { session, begin, steps } = await openLetters(1);
    const line = await drawLineAhead(treeOf(session, { ...begin, logits: sure }), maxCharacters);
    expect([textOf(line!), line!.alternative, steps()]).toEqual(['', undefined, 0]);
  });

  it('asks about no beginning twice', async () => {
    const asked: string[] = [];
    const { session, begin } = await openLetters(3);
    const mix = (logits: Float32Array, drawn: readonly number[]): Float32Array => {
      asked.push(drawn.join());
      return logits;
    };
    await drawLineAhead(treeOf(session, begin, never, mix), maxCharacters);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it.each([0.003, 0.01, 0.04])(
    'finds nothing else that is as probable as %d where it looks for no more',
    async (least) => {
      let [fewer, likely] = [0, 0];
      for (let seed = 0; seed < 200; seed++) {
        const [all, some] = [await openLetters(seed), await openLetters(seed)];
        const whole = (await drawLineAhead(treeOf(all.session, all.begin), maxCharacters))!;
        const bounded = (await drawLineAhead(treeOf(some.session, some.begin), maxCharacters, {
          line: least,
          beginning: least,
        }))!;
        expect(likelyParts(bounded, least)).toEqual(likelyParts(whole, least));
        likely += likelyParts(whole, least).length;
        fewer += all.steps() - some.steps();
      }
      expect(likely).toBeGreaterThan(10);
      expect(fewer).toBeGreaterThan(40);
    },
  );

  it('follows no beginning of what is never offered, however little is asked for', async () => {
    for (const seed of seeds) {
      const [all, some] = [await openLetters(seed), await openLetters(seed)];
      const whole = await drawLineAhead(treeOf(all.session, all.begin), maxCharacters);
      const least = { line: 0, beginning: 0 };
      expect(await drawLineAhead(treeOf(some.session, some.begin), maxCharacters, least)).toEqual(whole);
      expect(some.steps()).toBe(all.steps());
    }
  });

  it('goes on from where an earlier tree has led to, and asks for nothing again that was drawn there', async () => {
    for (const seed of seeds) {
      const { session, begin, steps } = await openLetters(seed);
      const first = treeOf(session, begin);
      const line = (await drawLineAhead(first, maxCharacters))!;
      const token = first.root.node.followers.find(({ token }) => first.root.node.longer.has(token))?.token;
      if (token === undefined) continue;
      const before = steps();
      const rest = createLineTree(session, first.root.node.longer.get(token)!, unmixed, never);
      const kept = await drawLineAhead(rest, line.characters.length - 1);
      const asked = steps() - before;
      const fresh = await openLetters(seed);
      const next = await fresh.session.step(Int32Array.of(token), begin.state);
      const anew = await drawLineAhead(treeOf(fresh.session, next), line.characters.length - 1);
      expect(kept).toEqual(anew);
      expect(asked).toBeLessThan(fresh.steps());
    }
  });

  it('gives way to a newer request', async () => {
    const { session, begin } = await openLetters(3);
    const tree = treeOf(session, begin, AbortSignal.abort());
    expect(await drawLineAhead(tree, maxCharacters)).toBeUndefined();
    expect(await drawSeveral(tree, maxCharacters, 5)).toBeUndefined();
  });
});

it.each([1, 3, 5])('%i lines are the most probable ones, in order', async (count) => {
  for (const seed of seeds) {
    const { session, begin } = await openLetters(seed);
    const lines = (await drawSeveral(treeOf(session, begin), maxCharacters, count))!;
    const all = [...allLines(seed, maxCharacters)].sort(([, a], [, b]) => b - a).slice(0, count);
    const likely = all.filter(([, probability]) => probability > 1.1e-3);
    expect(new Set(lines.map(textOf)).size).toBe(lines.length);
    const probabilities = lines.map(probabilityOf);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    for (const [index, [, probability]] of likely.entries()) expect(probabilities[index]).toBeCloseTo(probability, 4);
  }
});
