import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { endOfHeader, otherToken, startOfFile, tokenOf } from '../../src/core/vocabulary';
import { draw, drawLine, generateText } from '../../src/inference/decoding';
import { zeroState, type ModelSession } from '../../src/inference/session';
import type { GeneratedText } from '../../src/protocol/engine';
import { randomWeights } from '../onnx/randomWeights';
import { constantWeights, model, never, openRoundedSession, openSession, vocabulary } from './testSession';

const token = (character: string): number => tokenOf(vocabulary, character.codePointAt(0)!);
const start = async (session: ModelSession): ReturnType<ModelSession['run']> =>
  session.run(Int32Array.of(startOfFile), 1, zeroState(session.model));

describe('drawing the rest of a line', () => {
  it('takes the most probable character every time', async () => {
    const session = await openSession();
    let { logits, state } = await start(session);
    const line = await drawLine(session, { logits, state }, 12, never);
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
    const line = await drawLine(session, await start(session), 7, never);
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
      const line = await drawLine(session, begin, 40, never);
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
    expect(await drawLine(session, await start(session), 20, () => true)).toBeUndefined();
  });
});

describe('generating text', () => {
  const request = { prefix: 'let ', length: 40, temperature: 1, seed: 3, initialState: 'zeros' } as const;

  it('is the same for the same seed, and another for another one', async () => {
    const session = await openSession();
    const texts = await Promise.all(
      [3, 3, 4].map(async (seed) => (await generateText(session, request, createRandom(seed))).text),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
    expect(Array.from(texts[0]!)).toHaveLength(40);
  });

  it('is greedy at temperature 0, and starts from a random state when asked to', async () => {
    const session = await openSession();
    const greedy = (seed: number, initialState: 'zeros' | 'normal'): Promise<GeneratedText> =>
      generateText(session, { ...request, temperature: 0, initialState }, createRandom(seed));
    const texts = await Promise.all([greedy(1, 'zeros'), greedy(2, 'zeros'), greedy(1, 'normal'), greedy(2, 'normal')]);
    const [first, second, third, fourth] = texts.map(({ text, confidence }) => ({ text, confidence }));
    expect(first).toEqual(second);
    expect(third).not.toEqual(first);
    expect(third).not.toEqual(fourth);
  });

  it('draws with the frequencies of the softmax at a temperature, code points only', () => {
    const logits = new Float32Array(6).fill(50, 0, 3);
    logits.set([1, 2, 3], 3);
    const random = createRandom(9);
    const counts = new Float64Array(6);
    const draws = 20_000;
    for (let count = 0; count < draws; count++) counts[draw(logits, 2, random)]! += 1;
    const total = Math.exp(0.5) + Math.exp(1) + Math.exp(1.5);
    expect([...counts.subarray(0, 3)]).toEqual([0, 0, 0]);
    [0.5, 1, 1.5].forEach((exponent, index) => {
      expect(counts[index + 3]! / draws).toBeCloseTo(Math.exp(exponent) / total, 1);
    });
  });
});

it('keeps the state small: one array for each kind, [layers, batch, hidden]', () => {
  expect(zeroState(model, 3).map((array) => array.length)).toEqual([2 * 3 * 12, 2 * 3 * 12]);
});
